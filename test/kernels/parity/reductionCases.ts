/** @file Reductions, softmax, loss, batch normalisation, optimisers. */
import fc from 'fast-check';
import type { ReduceOp } from '../../../src/kernels/kernels.js';
import { reduceLayout, sizeOf } from '../../../src/tensor/shape.js';
import { type Cases, casesOf, finite, input, positive, values } from './kernelCase.js';

interface ReductionAxis {
  readonly size: number;
  readonly isReduced: boolean;
}

const reductions: fc.Arbitrary<readonly ReductionAxis[]> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(fc.record({ size: fc.integer({ min: 0, max: 9 }), isReduced: fc.boolean() }), {
      maxLength: 5,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<readonly ReductionAxis[]>(
      [{ size: 100_003, isReduced: true }],
      [
        { size: 300, isReduced: true },
        { size: 257, isReduced: false },
      ],
      [
        { size: 7, isReduced: true },
        { size: 19, isReduced: false },
        { size: 1111, isReduced: true },
      ],
    ),
  },
);

export const reduce: Cases = casesOf(
  fc.record({ op: fc.constantFrom<ReduceOp>('sum', 'max', 'min'), axes: reductions }),
  (geometry) => {
    const shape = geometry.axes.map(({ size }) => size);
    const axes = geometry.axes.flatMap(({ isReduced }, axis) => (isReduced ? [axis] : []));
    return {
      inputs: [values(sizeOf(shape), geometry)],
      isSum: true,
      run: (kernels, inputs) => [kernels.reduce(geometry.op, input(inputs, 0), reduceLayout(shape, axes))],
    };
  },
);

const rowGeometries = fc.record({
  outer: fc.integer({ min: 1, max: 20 }),
  size: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(100, 1025)),
  inner: fc.integer({ min: 1, max: 5 }),
});

export const argMax: Cases = casesOf(rowGeometries, (geometry) => ({
  inputs: [values(geometry.outer * geometry.size * geometry.inner, geometry)],
  run: (kernels, inputs) => [kernels.argMax(input(inputs, 0), geometry)],
}));

export const softmax: Cases = casesOf(rowGeometries, (geometry) => ({
  inputs: [values(geometry.outer * geometry.size * geometry.inner, geometry)],
  run: (kernels, inputs) => [
    kernels.softmax(input(inputs, 0), geometry, false),
    kernels.softmax(input(inputs, 0), geometry, true),
  ],
}));

const losses = fc.record({ rows: rowGeometries, labelSmoothing: fc.constantFrom(0, 0.125, 1) });

function labels(count: number, size: number, seed: number): Float32Array {
  return finite(count, { seed, specials: 'none' }, 5).map((value) => Math.abs(Math.round(value * 64)) % size);
}

export const crossEntropy: Cases = casesOf(losses, (geometry) => {
  const { outer, size, inner } = geometry.rows;
  return {
    inputs: [values(outer * size * inner, geometry), labels(outer * inner, size, geometry.seed)],
    run: (kernels, inputs) => [
      kernels.crossEntropy(input(inputs, 0), input(inputs, 1), geometry.rows, geometry.labelSmoothing),
    ],
  };
});

export const crossEntropyGrad: Cases = casesOf(losses, (geometry) => {
  const { outer, size, inner } = geometry.rows;
  return {
    inputs: [
      values(outer * inner, geometry, 1),
      values(outer * size * inner, geometry),
      labels(outer * inner, size, geometry.seed),
    ],
    run: (kernels, [cotangent, logits, targets]) => {
      if (!cotangent || !logits || !targets) return [];
      return [kernels.crossEntropyGrad(cotangent, logits, targets, geometry.rows, geometry.labelSmoothing)];
    },
  };
});

const norms = fc.record({
  outer: fc.integer({ min: 1, max: 4 }),
  channels: fc.integer({ min: 1, max: 9 }),
  inner: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(64, 1027)),
  activation: fc.constantFrom<'none' | 'relu'>('none', 'relu'),
  hasWeight: fc.boolean(),
  hasBias: fc.boolean(),
  batchStatistics: fc.boolean(),
});

const observations = fc.record({
  outer: fc.integer({ min: 1, max: 4 }),
  channels: fc.integer({ min: 1, max: 70 }),
  // One value alone has no unbiased variance.
  inner: fc.oneof(fc.integer({ min: 2, max: 20 }), fc.constantFrom(64, 1027)),
  momentum: fc.constantFrom(undefined, 0, 0.125, 1),
});

export const batchNormStatistics: Cases = casesOf(observations, (geometry) => {
  const { outer, channels, inner, momentum } = geometry;
  return {
    inputs: [
      // A large mean must not cost the variance its digits.
      values(outer * channels * inner, geometry).map((value) => value + 64),
      ...[1, 2].map((salt) => values(channels, geometry, salt)),
    ],
    run: (kernels, [x, mean, variance]) => {
      if (!x || !mean || !variance) return [];
      const before = momentum === undefined ? undefined : { mean, variance, momentum };
      const { running, ...observed } = kernels.batchNormStatistics(x, geometry, before);
      return [observed.mean, observed.variance, ...(running ? [running.mean, running.variance] : [])];
    },
  };
});

/** Whether a relu's input lies so near 0 that rounding may decide on which side. */
function nearKink(outputs: readonly ArrayLike<number>[]): boolean {
  return outputs.some((y) => Array.from(y).some((value) => Math.abs(value) < 1e-4));
}

export const batchNorm: Cases = casesOf(norms, (geometry) => {
  const { outer, channels, inner, activation, hasWeight, hasBias } = geometry;
  const perChannel = (salt: number): Float32Array => finite(channels, geometry, salt);
  return {
    inputs: [values(outer * channels * inner, geometry), ...[1, 2, 3].map(perChannel), positive(channels, geometry, 4)],
    run: (kernels, [x, mean, weight, bias, variance]) => {
      if (!x || !mean || !variance) return [];
      const affine = { weight: hasWeight ? weight : undefined, bias: hasBias ? bias : undefined };
      return [kernels.batchNorm(x, { mean, variance, ...affine, eps: 2 ** -10, activation }, geometry)];
    },
  };
});

export const batchNormGrad: Cases = casesOf(norms, (geometry) => {
  const { outer, channels, inner, activation, hasWeight, hasBias, batchStatistics } = geometry;
  const length = outer * channels * inner;
  return {
    inputs: [
      values(length, geometry),
      values(length, geometry, 6),
      ...[1, 2, 3].map((salt) => finite(channels, geometry, salt)),
      positive(channels, geometry, 4),
    ],
    run: (kernels, [cotangent, x, mean, weight, bias, variance]) => {
      if (!cotangent || !x || !mean || !variance) return [];
      const affine = { weight: hasWeight ? weight : undefined, bias: hasBias ? bias : undefined };
      const norm = { mean, variance, ...affine, eps: 2 ** -10 };
      const preActivation = kernels.batchNorm(x, { ...norm, activation: 'none' }, geometry);
      const gradients = kernels.batchNormGrad(cotangent, x, { ...norm, activation }, geometry, batchStatistics);
      return [preActivation, gradients.x, gradients.weight, gradients.bias];
    },
    mayMixCells: true,
    isIllPosed: ([preActivation]) => activation === 'relu' && preActivation !== undefined && nearKink([preActivation]),
  };
});

/** Of parameters that are updated together. */
const parameterLengths = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 140 }) }, { weight: 1, arbitrary: fc.constant(20_001) }),
  { minLength: 1, maxLength: 12 },
);

/** Numbers `from`, `from + step`, … of inputs that each parameter has `step` of. */
const everyInput = (count: number, from: number, step: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i * step);

export const sgdStep: Cases = casesOf(
  fc.record({
    lengths: parameterLengths,
    lr: fc.constantFrom(0.125, 1),
    momentum: fc.constantFrom(0, 0.75),
    dampening: fc.constantFrom(0, 0.25),
    weightDecay: fc.constantFrom(0, 0.125),
    nesterov: fc.boolean(),
    hasVelocity: fc.boolean(),
  }),
  (geometry) => {
    const { lengths, momentum, hasVelocity } = geometry;
    const startsMoving = hasVelocity && momentum !== 0;
    return {
      inputs: lengths.flatMap((length, i) => [0, 1, 2].map((salt) => values(length, geometry, 3 * i + salt))),
      consumes: [0, ...(startsMoving ? [2] : [])].flatMap((from) => everyInput(lengths.length, from, 3)),
      // Twice: the second step finds its parameters where the first has put them.
      run: (kernels, inputs) => {
        const updates = lengths.map((_, i) => ({
          parameter: input(inputs, 3 * i),
          grad: input(inputs, 3 * i + 1),
          velocity: startsMoving ? input(inputs, 3 * i + 2) : undefined,
        }));
        const first = kernels.sgdStep(updates, geometry);
        const second = kernels.sgdStep(
          first.map((result, i) => ({ ...result, grad: input(inputs, 3 * i + 1) })),
          geometry,
        );
        return second.flatMap(({ parameter, velocity }) => (velocity ? [parameter, velocity] : [parameter]));
      },
    };
  },
);

export const adamStep: Cases = casesOf(
  fc.record({
    lengths: parameterLengths,
    lr: fc.constantFrom(0.125, 1),
    beta1: fc.constantFrom(0.5, 0.875),
    beta2: fc.constantFrom(0.75, 0.96875),
    eps: fc.constantFrom(2 ** -10, 0.125),
    weightDecay: fc.constantFrom(0, 0.125),
    decoupled: fc.boolean(),
    step: fc.constantFrom(1, 2, 100),
  }),
  (geometry) => {
    const { lengths, step } = geometry;
    return {
      inputs: lengths.flatMap((length, i) => [
        ...[0, 1, 2].map((salt) => values(length, geometry, 4 * i + salt)),
        positive(length, geometry, 4 * i + 3),
      ]),
      consumes: [0, 2, 3].flatMap((from) => everyInput(lengths.length, from, 4)),
      run: (kernels, inputs) => {
        const updates = lengths.map((_, i) => ({
          parameter: input(inputs, 4 * i),
          grad: input(inputs, 4 * i + 1),
          first: input(inputs, 4 * i + 2),
          second: input(inputs, 4 * i + 3),
        }));
        const once = kernels.adamStep(updates, geometry);
        const twice = kernels.adamStep(
          once.map((result, i) => ({ ...result, grad: input(inputs, 4 * i + 1) })),
          { ...geometry, step: step + 1 },
        );
        return twice.flatMap(({ parameter, first, second }) => [parameter, first, second]);
      },
    };
  },
);
