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

export interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

type Reduce = (x: Tensor, axes: number | readonly number[] | undefined, options: ReduceOptions) => Tensor;

function reduction(name: ReduceOp): Reduce {
  const op: Op<readonly [Tensor], Reduction> = defineOp({
    name,
    shape: ([x], { axes, keepDims }) => {
      if (name !== 'sum' && x.size === 0) throw new ShapeError(`${name}: shape [${x.shape}] has no cells`);
      return reducedShape(x.shape, axes, keepDims);
    },
    forward: (kernels, [x], { axes }) => kernels.reduce(name, x.storage, reduceLayout(x.shape, axes)),
    vjp: (cotangent, { inputs: [x], output, attributes: { axes } }) => {
      const withAxes = (t: Tensor): Tensor => reshape(t, reducedShape(x.shape, axes, true));
      if (name === 'sum') return [broadcastTo(withAxes(cotangent), x.shape)];
      const chosen = equal(x, withAxes(output));
      return [mul(chosen, div(withAxes(cotangent), sum(chosen, axes, { keepDims: true })))];
    },
  });
  return (x, axes, { keepDims = false }) => op([x], { axes: normalizeAxes(name, axes, x.rank), keepDims });
}

const sumOp = reduction('sum');
const maxOp = reduction('max');
const minOp = reduction('min');

/** Σ x over `axes`; over all of them, a scalar. */
export function sum(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  return sumOp(x, axes, options);
}

/** The mean over `axes`; over all of them, a scalar. */
export function mean(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  const count = normalizeAxes('mean', axes, x.rank).reduce((product, axis) => product * sizeAt(x.shape, axis), 1);
  return mul(sum(x, axes, options), 1 / count);
}

/** The largest value over `axes`; equal maxima share the gradient evenly. */
export function max(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  return maxOp(x, axes, options);
}

/** The smallest value over `axes`; equal minima share the gradient evenly. */
export function min(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  return minOp(x, axes, options);
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
