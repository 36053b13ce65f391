/** @file Elementwise kernels and those that move cells. */
import fc from 'fast-check';
import type { BinaryOp, UnaryOp } from '../../../src/kernels/kernels.js';
import { broadcastLayout, sizeOf, stridesOf } from '../../../src/tensor/shape.js';
import { broadcastablePairs } from '../../../src/testing/arbitraries/shapes.js';
import { type Cases, casesOf, input, values } from './kernelCase.js';

const unaryOps: readonly UnaryOp[] = [
  ...(['neg', 'abs', 'sign', 'exp', 'log', 'sqrt', 'erf', 'relu', 'leakyRelu', 'sigmoid'] as const),
  ...(['tanh', 'gelu', 'silu', 'softplus', 'pow', 'addScalar', 'mulScalar'] as const),
];

const binaryOps: readonly BinaryOp[] = [
  ...(['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'equal', 'greater', 'greaterEqual'] as const),
  ...(['less', 'lessEqual', 'addRelu', 'reluGrad', 'leakyReluGrad'] as const),
];

/** Around nothing, around a vector, around the size of a task and above it. */
const lengths = fc.oneof(fc.nat({ max: 40 }), fc.integer({ min: 16_380, max: 16_390 }), fc.constant(50_001));
/** What float32 holds exactly, so that every set sees the same scalar. */
const scalars = fc.constantFrom(-2, -1, -0.5, 0, 0.25, 0.5, 1, 1.75, 2, 3);

export const unary: Cases = casesOf(
  fc.record({ op: fc.constantFrom(...unaryOps), length: lengths, scalar: scalars }),
  (geometry) => ({
    inputs: [values(geometry.length, geometry)],
    run: (kernels, inputs) => [kernels.unary(geometry.op, input(inputs, 0), geometry.scalar)],
  }),
);

const pairs = fc.oneof(
  { weight: 4, arbitrary: broadcastablePairs({ maxRank: 5, minSize: 0, maxSize: 7 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { a: [3, 20_000], b: [20_000], out: [3, 20_000] },
      { a: [2, 8, 33, 33], b: [8, 1, 1], out: [2, 8, 33, 33] },
      { a: [40_000], b: [], out: [40_000] },
    ),
  },
);

export const binary: Cases = casesOf(
  fc.record({ op: fc.constantFrom(...binaryOps), pair: pairs, scalar: scalars }),
  (geometry) => {
    const { op, pair, scalar } = geometry;
    return {
      inputs: [values(sizeOf(pair.a), geometry), values(sizeOf(pair.b), geometry, 1)],
      run: (kernels, inputs) => [
        kernels.binary(op, input(inputs, 0), input(inputs, 1), broadcastLayout(pair.a, pair.b, pair.out), scalar),
      ],
    };
  },
);

export const where: Cases = casesOf(fc.record({ length: lengths }), (geometry) => ({
  inputs: [
    values(geometry.length, geometry).map((value) => (value < 0 ? 0 : value)),
    values(geometry.length, geometry, 1),
    values(geometry.length, geometry, 2),
  ],
  run: (kernels, inputs) => [kernels.where(input(inputs, 0), input(inputs, 1), input(inputs, 2))],
}));

/** A permuted, sliced, flipped walk over a dense tensor: distinct cells. */
const walks = fc
  .array(
    fc.record({
      size: fc.integer({ min: 1, max: 7 }),
      start: fc.nat({ max: 2 }),
      step: fc.integer({ min: 1, max: 3 }),
      isFlipped: fc.boolean(),
      order: fc.nat(),
    }),
    { minLength: 0, maxLength: 6 },
  )
  .map((axes) => {
    const full = axes.map(({ size, start, step }) => start + (size - 1) * step + 1);
    const strides = stridesOf(full);
    const walked = axes.map(({ size, start, step, isFlipped, order }, axis) => {
      const stride = strides[axis] ?? 1;
      const first = isFlipped ? start + (size - 1) * step : start;
      return { size, order, stride: isFlipped ? -step * stride : step * stride, offset: first * stride };
    });
    const offset = walked.reduce((total, axis) => total + axis.offset, 0);
    const sorted = walked.toSorted((a, b) => a.order - b.order);
    const layout = { shape: sorted.map(({ size }) => size), strides: sorted.map(({ stride }) => stride), offset };
    return { full: sizeOf(full), layout };
  });

export const gatherStrided: Cases = casesOf(fc.record({ walk: walks, repeats: fc.nat({ max: 3 }) }), (geometry) => {
  const { full, layout } = geometry.walk;
  // An axis of stride 0 repeats everything.
  const repeated = { ...layout, shape: [geometry.repeats, ...layout.shape], strides: [0, ...layout.strides] };
  return {
    inputs: [values(full, geometry)],
    run: (kernels, inputs) => [
      kernels.gatherStrided(input(inputs, 0), layout),
      kernels.gatherStrided(input(inputs, 0), repeated),
    ],
  };
});

export const scatterStrided: Cases = casesOf(fc.record({ walk: walks }), (geometry) => {
  const { full, layout } = geometry.walk;
  return {
    inputs: [values(sizeOf(layout.shape), geometry)],
    run: (kernels, inputs) => [kernels.scatterStrided(input(inputs, 0), layout, full)],
  };
});

export const concat: Cases = casesOf(
  fc.record({
    outer: fc.nat({ max: 6 }),
    inners: fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 4 }),
  }),
  (geometry) => ({
    inputs: geometry.inners.map((inner, i) => values(inner * geometry.outer, geometry, i)),
    run: (kernels, inputs) => [
      kernels.concat(
        geometry.inners.map((inner, i) => ({ storage: input(inputs, i), inner })),
        geometry.outer,
      ),
    ],
  }),
);

export const fill: Cases = casesOf(fc.record({ length: lengths, value: scalars }), ({ length, value }) => ({
  inputs: [],
  run: (kernels) => [kernels.fill(length, value, 'float32')],
}));

export const upload: Cases = casesOf(fc.record({ length: lengths }), (geometry) => ({
  inputs: [values(geometry.length, geometry)],
  run: (_, inputs) => inputs,
}));
