import fc from 'fast-check';
import type { Activation, ConvCallOptions, Shape, Tensor } from '../../../src/index.js';
import * as ops from '../../../src/index.js';
import { arbitraries } from '../../../src/testing/index.js';
import { type GradientCase, type GradientProblem, gradientCase } from '../../support/gradientCases.js';
import { beforeRelu } from './points.js';

const activations = fc.constantFrom<Activation>('none', 'none', 'relu');

/** A function with a fused activation, which may be relu with its kink. */
function withActivation(
  f: (activation: Activation, inputs: readonly Tensor[]) => Tensor,
  activation: Activation,
  shapes: readonly Shape[],
  seed: number,
): GradientProblem {
  if (activation === 'none') {
    return { f: (...inputs) => f('none', inputs), inputs: shapes.map((shape) => ({ shape })) };
  }
  return beforeRelu(
    (...inputs) => f('none', inputs),
    (...inputs) => f('relu', inputs),
    shapes,
    seed,
  );
}

function conv(rank: 1 | 2 | 3, op: (x: Tensor, weight: Tensor, options?: ConvCallOptions) => Tensor): GradientCase {
  const convolutions = [
    arbitraries.convolution1d({ maxExtra: 2 }),
    arbitraries.convolution2d({ maxExtra: 2, maxGroups: 2 }),
    arbitraries.convolution3d({ maxExtra: 1, maxGroups: 2, maxKernel: 2 }),
  ];
  const geometry = fc.record({
    convolution: convolutions[rank - 1]!,
    hasBias: fc.boolean(),
    isBatched: fc.boolean(),
    activation: activations,
  });
  return gradientCase(geometry, ({ convolution, hasBias, isBatched, activation }, seed) => {
    const { shape, weightShape, ...options } = convolution;
    return withActivation(
      (activation, [x, weight, bias]) => op(x!, weight!, { ...options, bias, activation }),
      activation,
      [isBatched ? shape : shape.slice(1), weightShape, ...(hasBias ? [weightShape.slice(0, 1)] : [])],
      seed,
    );
  });
}

const size = fc.integer({ min: 1, max: 4 });

export const linearCases: Readonly<Record<string, GradientCase>> = {
  batchNorm: gradientCase(
    fc.record({
      shape: arbitraries
        .shapes({ minRank: 2, maxRank: 4, maxSize: 3 })
        .filter(([n = 1, _, ...spatial]) => spatial.reduce((product, s) => product * s, n) > 1),
      affine: fc.constantFrom('none', 'weight', 'weight and bias'),
      training: fc.boolean(),
      activation: activations,
    }),
    ({ shape, affine, training, activation }, seed) => {
      const channels = shape.slice(1, 2);
      const running = (x: Tensor, value: number): Tensor =>
        ops.full(channels, value, { dtype: x.dtype, backend: x.backend });
      return withActivation(
        (activation, [x, weight, bias]) =>
          ops.batchNorm(x!, {
            weight,
            bias,
            training,
            activation,
            eps: 1e-3,
            runningMean: running(x!, 0.25),
            runningVar: running(x!, 1.5),
          }),
        activation,
        [shape, ...(affine === 'none' ? [] : [channels]), ...(affine === 'weight and bias' ? [channels] : [])],
        seed,
      );
    },
  ),
  conv1d: conv(1, ops.conv1d),
  conv2d: conv(2, ops.conv2d),
  conv3d: conv(3, ops.conv3d),
  crossEntropy: gradientCase(
    fc
      .record({
        shape: arbitraries.shapes({ minRank: 2, maxRank: 4, maxSize: 3 }),
        smoothing: fc.constantFrom(0, 0.1, 1),
      })
      .chain(({ shape, smoothing }) => {
        const [batch = 1, classes = 1, ...spatial] = shape;
        const count = spatial.reduce((product, s) => product * s, batch);
        return fc.record({
          shape: fc.constant(shape),
          labelSmoothing: fc.constant(smoothing),
          reduction: fc.constantFrom('mean', 'sum', 'none'),
          labels: arbitraries.labels(count, classes),
        });
      }),
    ({ shape, labels, ...options }) => ({
      f: (logits) => ops.crossEntropy(logits, labels, options),
      inputs: [{ shape }],
    }),
  ),
  linear: gradientCase(
    fc.record({
      leading: arbitraries.shapes({ maxRank: 2, maxSize: 3 }),
      features: size,
      out: size,
      hasBias: fc.boolean(),
      activation: activations,
    }),
    ({ leading, features, out, hasBias, activation }, seed) =>
      withActivation(
        (activation, [x, weight, bias]) => ops.linear(x!, weight!, bias, { activation }),
        activation,
        [[...leading, features], [out, features], ...(hasBias ? [[out]] : [])],
        seed,
      ),
  ),
  matmul: gradientCase(arbitraries.matmulShapes({ maxSize: 3 }), ({ a, b }) => ({
    f: (x, y) => ops.matmul(x, y),
    inputs: [{ shape: a }, { shape: b }],
  })),
  mseLoss: gradientCase(
    fc.record({
      shape: arbitraries.shapes({ maxRank: 3, maxSize: 3 }),
      reduction: fc.constantFrom('mean', 'sum', 'none'),
    }),
    ({ shape, reduction }) => ({
      f: (prediction, target) => ops.mseLoss(prediction, target, { reduction }),
      inputs: [{ shape }, { shape }],
    }),
  ),
};
