/**
 * @file Average pooling.
 */
import type { WindowOptions } from '../kernels/windowGeometry.js';
import type { Tensor } from '../tensor/tensor.js';
import { defineOp, type Op } from './defineOp.js';
import { type PoolWindow, poolWindow } from './poolWindow.js';

export interface AvgPoolOptions extends Omit<WindowOptions, 'dilation'> {
  /** Count padded cells, as zeros, in the divisor. Default true, as in PyTorch. */
  readonly countIncludePad?: boolean | undefined;
}

export interface AvgWindow extends PoolWindow {
  readonly countIncludePad: boolean;
}

const average: Op<readonly [Tensor], AvgWindow> = defineOp({
  name: 'avgPool',
  shape: (_, { y }) => y,
  forward: (kernels, [x], { geometry, countIncludePad }) => kernels.avgPool(x.storage, geometry, countIncludePad),
  vjp: (g, { attributes: window }) => [spread([g], window)],
});

const spread: Op<readonly [Tensor], AvgWindow> = defineOp({
  name: 'avgUnpool',
  shape: (_, { x }) => x,
  forward: (kernels, [g], { geometry, countIncludePad }) => kernels.avgUnpool(g.storage, geometry, countIncludePad),
  vjp: (c, { attributes: window }) => [average([c], window)],
});

/** The mean over the cells that each window has in the input: padded cells don't count. */
export function windowMean(x: Tensor, window: PoolWindow): Tensor {
  return average([x], { ...window, countIncludePad: false });
}

/** Its adjoint: every window shares its value evenly among its cells. */
export function windowShares(y: Tensor, window: PoolWindow): Tensor {
  return spread([y], { ...window, countIncludePad: false });
}

/**
 * The mean of each window over one axis.
 *
 * @param x `[N, C, L]` or `[C, L]`
 * @returns `[N, C, L']` or `[C, L']`
 * @throws ShapeError if a window exceeds the padded input
 */
export function avgPool1d(x: Tensor, options: AvgPoolOptions): Tensor {
  return avgPool('avgPool1d', 1, x, options);
}

/** Average pooling over two axes: `[N, C, H, W]` or `[C, H, W]` → `[…, H', W']`; see `avgPool1d`. */
export function avgPool2d(x: Tensor, options: AvgPoolOptions): Tensor {
  return avgPool('avgPool2d', 2, x, options);
}

/** Average pooling over three axes: `[N, C, D, H, W]` or `[C, D, H, W]` → `[…, D', H', W']`; see `avgPool1d`. */
export function avgPool3d(x: Tensor, options: AvgPoolOptions): Tensor {
  return avgPool('avgPool3d', 3, x, options);
}

function avgPool(operation: string, rank: 1 | 2 | 3, x: Tensor, options: AvgPoolOptions): Tensor {
  const { countIncludePad = true, ...window } = options;
  return average([x], { ...poolWindow(operation, x, rank, window), countIncludePad });
}
