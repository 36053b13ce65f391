/**
 * @file Max pooling. The first maximum of a window wins a tie and takes the whole gradient.
 */
import type { WindowOptions } from '../kernels/windowGeometry.js';
import type { Tensor } from '../tensor/tensor.js';
import { defineOp, type Op } from './defineOp.js';
import { type PoolWindow, poolWindow } from './poolWindow.js';

/** The values at each window's first maximal key, and its adjoint: gradients of each other, with the keys constant. */
const pick: Op<readonly [Tensor, Tensor], PoolWindow> = defineOp({
  name: 'maxPool',
  shape: (_, { y }) => y,
  forward: (kernels, [values, keys], { geometry }) => kernels.maxPool(values.storage, keys.storage, geometry),
  vjp: (g, { inputs: [, keys], attributes: window }) => [unpick([g, keys], window), undefined],
});

const unpick: Op<readonly [Tensor, Tensor], PoolWindow> = defineOp({
  name: 'maxUnpool',
  shape: (_, { x }) => x,
  forward: (kernels, [g, keys], { geometry }) => kernels.maxUnpool(g.storage, keys.storage, geometry),
  vjp: (c, { inputs: [, keys], attributes: window }) => [pick([c, keys], window), undefined],
});

/** The maximum of each window. */
export function windowMax(x: Tensor, window: PoolWindow): Tensor {
  return windowPick(x, x, window);
}

/** The value at the first cell of each window whose key is largest. The keys are constants to the gradient. */
export function windowPick(values: Tensor, keys: Tensor, window: PoolWindow): Tensor {
  return pick([values, keys.detach()], window);
}

/**
 * The maximum of each window over one axis.
 *
 * @param x `[N, C, L]` or `[C, L]`
 * @returns `[N, C, L']` or `[C, L']`
 * @throws ShapeError if a window exceeds the padded input
 */
export function maxPool1d(x: Tensor, options: WindowOptions): Tensor {
  return maxPool('maxPool1d', 1, x, options);
}

/** Max pooling over two axes: `[N, C, H, W]` or `[C, H, W]` → `[…, H', W']`; see `maxPool1d`. */
export function maxPool2d(x: Tensor, options: WindowOptions): Tensor {
  return maxPool('maxPool2d', 2, x, options);
}

/** Max pooling over three axes: `[N, C, D, H, W]` or `[C, D, H, W]` → `[…, D', H', W']`; see `maxPool1d`. */
export function maxPool3d(x: Tensor, options: WindowOptions): Tensor {
  return maxPool('maxPool3d', 3, x, options);
}

function maxPool(operation: string, rank: 1 | 2 | 3, x: Tensor, options: WindowOptions): Tensor {
  return windowMax(x, poolWindow(operation, x, rank, options));
}
