/**
 * @file Softmax and its logarithm along one axis, with the maximum subtracted first.
 *
 *   softmax(x)ᵢ = e^(xᵢ) / Σⱼ e^(xⱼ)
 */
import { normalizeAxis } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { mul, sub } from './arithmetic.js';
import { defineOp, type Op } from './defineOp.js';
import { rowGeometry, sum } from './reduce.js';
import { exp } from './unary.js';

const softmaxOp: Op<readonly [Tensor], number> = defineOp({
  name: 'softmax',
  shape: ([x]) => x.shape,
  forward: (kernels, [x], axis) => kernels.softmax(x.storage, rowGeometry(x, axis), false),
  vjp: (g, { output: y, attributes: axis }) => [mul(y, sub(g, sum(mul(g, y), axis, { keepDims: true })))],
});

const logSoftmaxOp: Op<readonly [Tensor], number> = defineOp({
  name: 'logSoftmax',
  shape: ([x]) => x.shape,
  forward: (kernels, [x], axis) => kernels.softmax(x.storage, rowGeometry(x, axis), true),
  vjp: (g, { output: y, attributes: axis }) => [sub(g, mul(exp(y), sum(g, axis, { keepDims: true })))],
});

/** Positive weights that sum to 1 along `axis`. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return softmaxOp([x], normalizeAxis('softmax', axis, x.rank));
}

/** log softmax(x), exact where the softmax itself would underflow. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return logSoftmaxOp([x], normalizeAxis('logSoftmax', axis, x.rank));
}
