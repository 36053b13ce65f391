/**
 * @file What the pooling operations share: a window and the two shapes that it connects.
 */
import { ShapeError } from '../errors.js';
import { type WindowGeometry, type WindowOptions, windowGeometry } from '../kernels/windowGeometry.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';

export { type PerAxis, perAxis, type WindowOptions } from '../kernels/windowGeometry.js';

/** A window from `x` (`[N, C, ...spatial]` or `[C, ...spatial]`) to `y` with the same leading axes. */
export interface PoolWindow {
  /** The number of spatial axes. */
  readonly rank: 1 | 2 | 3;
  readonly geometry: WindowGeometry;
  readonly x: Shape;
  readonly y: Shape;
}

/**
 * The window of a pooling operation over the last `rank` axes of `x`.
 *
 * @throws ShapeError if the rank is wrong, a window exceeds the padded input, or (with dilation) lies in the padding alone
 */
export function poolWindow(operation: string, x: Tensor, rank: 1 | 2 | 3, options: WindowOptions): PoolWindow {
  const geometry = windowGeometry(operation, x.shape, rank, options);
  checkNoEmptyWindow(operation, geometry);
  return { rank, geometry, x: x.shape, y: [...x.shape.slice(0, -rank), ...geometry.output.slice(3 - rank)] };
}

/** @throws ShapeError if a window has no cell in the input */
export function checkNoEmptyWindow(operation: string, geometry: WindowGeometry): void {
  const { input, output, kernel, stride, padding, dilation } = geometry;
  for (const axis of [0, 1, 2] as const) {
    for (let position = 0; position < output[axis]; position++) {
      const start = position * stride[axis] - padding[axis];
      const first = start < 0 ? start + Math.ceil(-start / dilation[axis]) * dilation[axis] : start;
      if (first >= input[axis] || first >= start + kernel[axis] * dilation[axis]) {
        throw new ShapeError(
          `${operation}: window ${position} of size ${kernel[axis]} and dilation ${dilation[axis]} covers only padding on spatial axis of size ${input[axis]}; use less padding`,
        );
      }
    }
  }
}
