/**
 * @file The commonest window, kernel 2×2, stride 2, no padding: four outputs from two rows of eight inputs.
 *
 * Windows don't overlap, so a gradient is stored rather than added. A row's last four outputs may be computed twice.
 */
import { evenLanes, interleaveHigh, interleaveLow, oddLanes } from './lanes';
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

/**
 * Calls `kernel.block(upper, lower, output)` for every four outputs of planes [first, last): the byte offsets of the eight
 * inputs of the upper and the lower row, and of the outputs. Inlined, so that a block's values stay in registers.
 */
@inline
export function forEach2x2<K>(kernel: K, g: PoolGeometry, first: i32, last: i32): void {
  const rowBytes = <usize>g.inputWidth << 2;
  const outputRowBytes = <usize>g.outputWidth << 2;
  const lastBlock = outputRowBytes - 16;
  const rows = g.outputHeight;
  let output = <usize>(first * g.outputPlane) << 2;
  for (let image = first * g.inputDepth; image < last * g.inputDepth; image++) {
    let input = <usize>(image * g.inputHeight) * rowBytes;
    for (let row = 0; row < rows; row++) {
      for (let at: usize = 0; ; at = min(at + 16, lastBlock)) {
        const upper = input + (at << 1);
        kernel.block(upper, upper + rowBytes, output + at);
        if (at == lastBlock) break;
      }
      input += rowBytes << 1;
      output += outputRowBytes;
    }
  }
}

/** Clears planes [first, last) of a gradient if some inputs lie in no window. */
export function clearUncovered2x2(storage: usize, g: PoolGeometry, first: i32, last: i32): void {
  if (g.outputHeight * 2 == g.inputHeight && g.outputWidth * 2 == g.inputWidth) return;
  const plane = <usize>g.inputPlane << 2;
  memory.fill(storage + <usize>first * plane, 0, <usize>(last - first) * plane);
}

/** Returns the left cells of four windows in a row. */
@inline
export function left(row: usize): v128 {
  return evenLanes(v128.load(row), v128.load(row, 16));
}

/** Returns the right cells of four windows in a row. */
@inline
export function right(row: usize): v128 {
  return oddLanes(v128.load(row), v128.load(row, 16));
}

/** Stores the left and right cells of four windows in a row. */
@inline
export function storeRow(row: usize, leftCells: v128, rightCells: v128): void {
  v128.store(row, interleaveLow(leftCells, rightCells));
  v128.store(row, interleaveHigh(leftCells, rightCells), 16);
}
