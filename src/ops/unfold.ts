/**
 * @file Windows laid side by side, and their sum back in place.
 */
import { ArgumentError, ShapeError } from '../errors.js';
import { type WindowGeometry, type WindowOptions, windowGeometry, windowSize } from '../kernels/windowGeometry.js';
import { type Shape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { defineOp, type Op } from './defineOp.js';
import type { PoolWindow } from './poolWindow.js';

export interface UnfoldOptions extends WindowOptions {
  /** What a padded cell reads. Default 0. */
  readonly padValue?: number | undefined;
}

export interface Windows extends Pick<PoolWindow, 'rank'> {
  readonly geometry: WindowGeometry;
  readonly x: Shape;
  readonly windows: Shape;
  readonly padValue: number;
}

const unfoldOp: Op<readonly [Tensor], Windows> = defineOp({
  name: 'unfold',
  shape: (_, { windows }) => windows,
  forward: (kernels, [x], { geometry, padValue }) => kernels.unfold(x.storage, geometry, padValue),
  vjp: (g, { attributes: windows }) => [foldOp([g], windows)],
});

const foldOp: Op<readonly [Tensor], Windows> = defineOp({
  name: 'fold',
  shape: (_, { x }) => x,
  forward: (kernels, [windows], { geometry }) => kernels.fold(windows.storage, geometry),
  vjp: (c, { attributes: windows }) => [unfoldOp([c], { ...windows, padValue: 0 })],
});

/**
 * Every window of `x` as a row of its own: with it, any pooling is a reduction over the last axis.
 *
 * @param x `[N, C, ...spatial]` with one to three spatial axes
 * @returns `[N, C, ...spatial', K]` with K cells per window, row-major
 * @throws ShapeError if a window exceeds the padded input
 */
export function unfold(x: Tensor, options: UnfoldOptions): Tensor {
  return unfoldOp([x], windowsOf('unfold', x.shape, options));
}

/** The same for a window that is known: `[...window.y, K]`. Padded cells read 0. */
export function unfoldWindow(x: Tensor, { rank, geometry, x: shape, y }: PoolWindow): Tensor {
  return unfoldOp([x], { rank, geometry, x: shape, windows: [...y, windowSize(geometry)], padValue: 0 });
}

/**
 * The adjoint of `unfold`: sums every cell over the windows that it is in.
 *
 * @param windows `[N, C, ...spatial', K]`, as `unfold` returns for an input of `shape`
 * @throws ShapeError if the windows don't belong to `shape`
 */
export function fold(windows: Tensor, shape: Shape, options: WindowOptions): Tensor {
  const expected = windowsOf('fold', shape, options);
  if (!sameShape(expected.windows, windows.shape)) {
    throw new ShapeError(`fold: shape [${shape}] has windows [${expected.windows}], got [${windows.shape}]`);
  }
  return foldOp([windows], expected);
}

function windowsOf(operation: string, shape: Shape, options: UnfoldOptions): Windows {
  const rank = shape.length - 2;
  if (rank !== 1 && rank !== 2 && rank !== 3) {
    throw new ShapeError(
      `${operation}: input must be [N, C, ...spatial] with one to three spatial axes, got [${shape}]`,
    );
  }
  const { padValue = 0 } = options;
  if (Number.isNaN(padValue)) throw new ArgumentError(`${operation}: padValue must be a number, got NaN`);
  const geometry = windowGeometry(operation, shape, rank, options);
  const windows = [...shape.slice(0, 2), ...geometry.output.slice(3 - rank), windowSize(geometry)];
  return { rank, geometry, x: shape, windows, padValue };
}
