/**
 * @file Convolution (cross-correlation, as everywhere in deep learning) over one to three spatial axes.
 *
 *   y[n, o, p] = Σ over c, k of x[n, c, p·stride + k·dilation − padding] · weight[o, c, k]  (+ bias[o])
 *
 * Forward, input gradient and weight gradient are one trilinear form seen from three sides, so that each one's gradients are
 * the other two, to any order.
 */
import { ShapeError } from '../errors.js';
import { type ConvGeometry, type ConvOptions, convGeometry } from '../kernels/convGeometry.js';
import type { Activation } from '../kernels/kernels.js';
import { type Shape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { reluGrad } from './arithmetic.js';
import { defineOp, type Op } from './defineOp.js';
import { sum } from './reduce.js';
import { reshape } from './reshape.js';

export interface ConvCallOptions extends ConvOptions {
  /** `[out]`, added to every position. */
  readonly bias?: Tensor | undefined;
  /** Applied to the result in the same pass. Default `none`. */
  readonly activation?: Activation;
}

/** The geometry, and the three shapes that it connects. */
export interface Convolution {
  readonly geometry: ConvGeometry;
  readonly x: Shape;
  readonly weight: Shape;
  readonly y: Shape;
  readonly activation: Activation;
}

const convOp: Op<readonly [Tensor, Tensor, Tensor | undefined], Convolution> = defineOp({
  name: 'conv',
  shape: (_, { y }) => y,
  forward: (kernels, [x, weight, bias], { geometry, activation }) =>
    kernels.conv(x.storage, weight.storage, bias?.storage, geometry, activation),
  vjp: (cotangent, { inputs: [x, weight, bias], output, attributes: convolution }) => {
    const g = convolution.activation === 'relu' ? reluGrad(cotangent, output) : cotangent;
    const linear: Convolution = { ...convolution, activation: 'none' };
    return [
      () => convInputGrad([g, weight], linear),
      () => convWeightGrad([g, x], linear),
      () => bias && sum(g, [0, ...convolution.y.slice(2).map((_, i) => i + 2)]),
    ];
  },
});

const convInputGrad: Op<readonly [Tensor, Tensor], Convolution> = defineOp({
  name: 'convInputGrad',
  shape: (_, { x }) => x,
  forward: (kernels, [g, weight], { geometry }) => kernels.convInputGrad(g.storage, weight.storage, geometry),
  vjp: (cotangent, { inputs: [g, weight], attributes: convolution }) => [
    () => convOp([cotangent, weight, undefined], convolution),
    () => convWeightGrad([g, cotangent], convolution),
  ],
});

const convWeightGrad: Op<readonly [Tensor, Tensor], Convolution> = defineOp({
  name: 'convWeightGrad',
  shape: (_, { weight }) => weight,
  forward: (kernels, [g, x], { geometry }) => kernels.convWeightGrad(g.storage, x.storage, geometry),
  vjp: (cotangent, { inputs: [g, x], attributes: convolution }) => [
    () => convOp([x, cotangent, undefined], convolution),
    () => convInputGrad([g, cotangent], convolution),
  ],
});

/**
 * Convolution over one axis.
 *
 * @param x `[N, C, L]` or `[C, L]`
 * @param weight `[out, C/groups, k]`
 * @returns `[N, out, L']` or `[out, L']`
 * @throws ShapeError if channels don't fit or the window exceeds the padded input
 */
export function conv1d(x: Tensor, weight: Tensor, options: ConvCallOptions = {}): Tensor {
  return conv('conv1d', 1, x, weight, options);
}

/**
 * Convolution over two axes.
 *
 * @param x `[N, C, H, W]` or `[C, H, W]`
 * @param weight `[out, C/groups, kH, kW]`
 * @returns `[N, out, H', W']` or `[out, H', W']`
 * @throws ShapeError if channels don't fit or the window exceeds the padded input
 */
export function conv2d(x: Tensor, weight: Tensor, options: ConvCallOptions = {}): Tensor {
  return conv('conv2d', 2, x, weight, options);
}

/**
 * Convolution over three axes.
 *
 * @param x `[N, C, D, H, W]` or `[C, D, H, W]`
 * @param weight `[out, C/groups, kD, kH, kW]`
 * @returns `[N, out, D', H', W']` or `[out, D', H', W']`
 * @throws ShapeError if channels don't fit or the window exceeds the padded input
 */
export function conv3d(x: Tensor, weight: Tensor, options: ConvCallOptions = {}): Tensor {
  return conv('conv3d', 3, x, weight, options);
}

function conv(operation: string, rank: 1 | 2 | 3, x: Tensor, weight: Tensor, options: ConvCallOptions): Tensor {
  const batched = x.rank === rank + 1 ? reshape(x, [1, ...x.shape]) : x;
  const geometry = convGeometry(operation, batched.shape, weight.shape, rank, options);
  const { bias, activation = 'none' } = options;
  if (bias && !sameShape(bias.shape, [geometry.outChannels])) {
    throw new ShapeError(
      `${operation}: bias must be [${geometry.outChannels}] for weight [${weight.shape}], got [${bias.shape}]`,
    );
  }
  const shape = [geometry.batch, geometry.outChannels, ...geometry.output.slice(3 - rank)];
  const convolution = { geometry, x: batched.shape, weight: weight.shape, y: shape, activation };
  const y = convOp([batched, weight, bias], convolution);
  return x.rank === rank + 1 ? reshape(y, shape.slice(1)) : y;
}
