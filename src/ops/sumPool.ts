/**
 * @file Sum pooling, and the sums over windows that other poolings are made of.
 *
 *   y = Σ xᵢ      ∂y/∂xᵢ = 1
 */
import type { WindowGeometry, WindowOptions } from '../kernels/windowGeometry.js';
import { tensor } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';
import { mul } from './arithmetic.js';
import { windowMean, windowShares } from './avgPool.js';
import { type PoolWindow, poolWindow } from './poolWindow.js';

/**
 * The sum of each window over one axis. Padded cells are not part of a window.
 *
 * @param x `[N, C, L]` or `[C, L]`
 * @returns `[N, C, L']` or `[C, L']`
 * @throws ShapeError if a window exceeds the padded input
 */
export function sumPool1d(x: Tensor, options: WindowOptions): Tensor {
  return windowSum(x, poolWindow('sumPool1d', x, 1, options));
}

/** Sum pooling over two axes: `[N, C, H, W]` or `[C, H, W]` → `[…, H', W']`; see `sumPool1d`. */
export function sumPool2d(x: Tensor, options: WindowOptions): Tensor {
  return windowSum(x, poolWindow('sumPool2d', x, 2, options));
}

/** Sum pooling over three axes: `[N, C, D, H, W]` or `[C, D, H, W]` → `[…, D', H', W']`; see `sumPool1d`. */
export function sumPool3d(x: Tensor, options: WindowOptions): Tensor {
  return windowSum(x, poolWindow('sumPool3d', x, 3, options));
}

/** Σ over the cells of each window. */
export function windowSum(x: Tensor, window: PoolWindow): Tensor {
  return mul(windowMean(x, window), cellCounts(x, window));
}

/** Its adjoint: the Σ, in every cell, over the windows that the cell is in. */
export function windowSpread(y: Tensor, window: PoolWindow): Tensor {
  return windowShares(mul(y, cellCounts(y, window)), window);
}

/** How many cells of the input each window has: one number where all have as many, else `[...spatial']`. */
export function cellCounts(like: Tensor, { rank, geometry }: PoolWindow): Tensor | number {
  const [depth, height, width] = [countsOnAxis(geometry, 0), countsOnAxis(geometry, 1), countsOnAxis(geometry, 2)];
  const counts = depth.flatMap((d) => height.flatMap((h) => width.map((w) => d * h * w)));
  const [first = 0] = counts;
  if (counts.every((count) => count === first)) return first;
  const { dtype, backend } = like;
  return tensor(Float32Array.from(counts), { shape: geometry.output.slice(3 - rank), dtype, backend });
}

/** How many cells each window has along one axis. */
function countsOnAxis({ input, output, kernel, stride, padding, dilation }: WindowGeometry, axis: 0 | 1 | 2): number[] {
  return Array.from({ length: output[axis] }, (_, position) => {
    const start = position * stride[axis] - padding[axis];
    const first = Math.max(0, Math.ceil(-start / dilation[axis]));
    const last = Math.min(kernel[axis], Math.ceil((input[axis] - start) / dilation[axis]));
    return last - first;
  });
}
