/**
 * @file Reductions over axes.
 */
import { ShapeError } from '../errors.js';
import type { ReduceOp } from '../kernels/kernels.js';
import { normalizeAxes, normalizeAxis, reducedShape, reduceLayout, sizeAt } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { div, mul, sub } from './arithmetic.js';
import { broadcastTo } from './broadcast.js';
import { equal } from './compare.js';
import { defineOp, type Op } from './defineOp.js';
import { reshape } from './reshape.js';

export interface ReduceOptions {
  /** Keep reduced axes with size 1. Default false. */
  readonly keepDims?: boolean;
}

interface Reduction {
  readonly op: ReduceOp;
  readonly axes: readonly number[];
}

const reduceOp: Op<readonly [Tensor], Reduction> = defineOp({
  name: 'reduce',
  shape: ([x], { op, axes }) => {
    if (op !== 'sum' && x.size === 0) throw new ShapeError(`${op}: shape [${x.shape}] has no cells`);
    return reducedShape(x.shape, axes, true);
  },
  forward: (kernels, [x], { op, axes }) => kernels.reduce(op, x.storage, reduceLayout(x.shape, axes)),
  vjp: (cotangent, { inputs: [x], output, attributes: reduction }) => {
    if (reduction.op === 'sum') return [broadcastTo(cotangent, x.shape)];
    const chosen = equal(x, output);
    return [mul(chosen, div(cotangent, sum(chosen, reduction.axes, { keepDims: true })))];
  },
});

function reduce(op: ReduceOp, x: Tensor, axes: number | readonly number[] | undefined, options: ReduceOptions): Tensor {
  const normalized = normalizeAxes(op, axes, x.rank);
  const reduced = reduceOp([x], { op, axes: normalized });
  return options.keepDims ? reduced : reshape(reduced, reducedShape(x.shape, normalized, false));
}

/** Σ x over `axes`; over all of them, a scalar. */
export function sum(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  return reduce('sum', x, axes, options);
}

/** The mean over `axes`; over all of them, a scalar. */
export function mean(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  const count = normalizeAxes('mean', axes, x.rank).reduce((product, axis) => product * sizeAt(x.shape, axis), 1);
  return mul(sum(x, axes, options), 1 / count);
}

/** The largest value over `axes`; equal maxima share the gradient evenly. */
export function max(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  return reduce('max', x, axes, options);
}

/** The smallest value over `axes`; equal minima share the gradient evenly. */
export function min(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  return reduce('min', x, axes, options);
}

/** The variance over `axes`: Σ (x − mean)² / (count − correction). */
export function variance(
  x: Tensor,
  axes?: number | readonly number[],
  options: ReduceOptions & { readonly correction?: number } = {},
): Tensor {
  const centred = sub(x, mean(x, axes, { keepDims: true }));
  const count = normalizeAxes('variance', axes, x.rank).reduce((product, axis) => product * sizeAt(x.shape, axis), 1);
  return mul(sum(mul(centred, centred), axes, options), 1 / (count - (options.correction ?? 1)));
}

const argMaxOp: Op<readonly [Tensor], number> = defineOp({
  name: 'argMax',
  shape: ([x], axis) => x.shape.filter((_, a) => a !== axis),
  forward: (kernels, [x], axis) => kernels.argMax(x.storage, rowGeometry(x, axis)),
  vjp: () => [undefined],
});

/** Index of the first maximum along `axis`, as numbers. No gradient. */
export function argMax(x: Tensor, axis = -1): Tensor {
  const index = normalizeAxis('argMax', axis, x.rank);
  if (sizeAt(x.shape, index) === 0) throw new ShapeError(`argMax: axis ${axis} of [${x.shape}] is empty`);
  return argMaxOp([x.detach()], index);
}

/** x viewed as [outer, size, inner] around one axis. */
export function rowGeometry(x: Tensor, axis: number): { outer: number; size: number; inner: number } {
  const product = (sizes: readonly number[]): number => sizes.reduce((p, s) => p * s, 1);
  return {
    outer: product(x.shape.slice(0, axis)),
    size: sizeAt(x.shape, axis),
    inner: product(x.shape.slice(axis + 1)),
  };
}
