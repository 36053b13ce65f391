/**
 * @file The commonest window, kernel 2×2, stride 2, no padding: four outputs from two rows of eight inputs.
 *
 * Windows don't overlap, so a gradient is stored rather than added. A row's last four outputs may be computed twice.
 */
import { PoolGeometry } from './poolWindows';

/** Whether the geometry is that of this file, with at least one full vector of outputs in a row. */
export function isPool2x2(g: PoolGeometry): bool {
  return (
    g.outputWidth >= 4 &&
    g.kernelHeight == 2 &&
    g.kernelWidth == 2 &&
    g.strideHeight == 2 &&
    g.strideWidth == 2 &&
    g.kernelDepth == 1 &&
    g.strideDepth == 1 &&
    g.outputDepth == g.inputDepth &&
    g.dilationHeight == 1 &&
    g.dilationWidth == 1 &&
    (g.paddingDepth | g.paddingHeight | g.paddingWidth) == 0 &&
    // Not ceil mode's windows that stick out.
    g.outputHeight * 2 <= g.inputHeight &&
    g.outputWidth * 2 <= g.inputWidth
  );
}

/** Whether every input lies in a window. */
export function coversInput2x2(g: PoolGeometry): bool {
  return g.outputHeight * 2 == g.inputHeight && g.outputWidth * 2 == g.inputWidth;
}
