import fc from 'fast-check';
import type { ReduceOptions, Shape, Tensor } from '../../../src/index.js';
import * as ops from '../../../src/index.js';
import { arbitraries } from '../../../src/testing/index.js';
import { type GradientCase, gradientCase } from '../../support/gradientCases.js';

const shapes = (minRank = 0): fc.Arbitrary<Shape> => arbitraries.shapes({ minRank, maxRank: 3, maxSize: 3 });

/** A shape, and something that depends on it. */
function withShape<T>(shape: fc.Arbitrary<Shape>, more: (shape: Shape) => fc.Arbitrary<T>): fc.Arbitrary<[Shape, T]> {
  return shape.chain((s) => fc.tuple(fc.constant(s), more(s)));
}

const axisOf = (shape: Shape): fc.Arbitrary<number> => fc.integer({ min: -shape.length, max: shape.length - 1 });
const axesOf = (shape: Shape): fc.Arbitrary<number[]> => fc.shuffledSubarray(shape.map((_, axis) => axis));

function reduction(
  op: (x: Tensor, axes: readonly number[] | undefined, options: ReduceOptions) => Tensor,
): GradientCase {
  const geometry = withShape(shapes(), (shape) =>
    fc.record({ axes: fc.option(axesOf(shape), { nil: undefined }), keepDims: fc.boolean() }),
  );
  return gradientCase(geometry, ([shape, { axes, keepDims }]) => ({
    f: (x) => op(x, axes, { keepDims }),
    inputs: [{ shape }],
  }));
}

/** Bounds of one axis as a user may write them: negative, beyond the end, missing. */
const bounds = fc.record({
  start: fc.integer({ min: -4, max: 4 }),
  end: fc.option(fc.integer({ min: -4, max: 5 }), { nil: undefined }),
  step: fc.integer({ min: 1, max: 3 }),
});

export const movementCases: Readonly<Record<string, GradientCase>> = {
  broadcastTo: gradientCase(arbitraries.broadcastablePairs({ maxRank: 3, maxSize: 3 }), ({ a, out }) => ({
    f: (x) => ops.broadcastTo(x, out),
    inputs: [{ shape: a }],
  })),
  concat: gradientCase(
    withShape(shapes(1), (shape) =>
      fc.record({ axis: axisOf(shape), sizes: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }) }),
    ),
    ([shape, { axis, sizes }]) => ({
      f: (...parts) => ops.concat(parts, axis),
      inputs: sizes.map((size) => ({ shape: shape.with(axis, size) })),
    }),
  ),
  flatten: gradientCase(
    withShape(shapes(1), (shape) => fc.tuple(fc.nat({ max: shape.length - 1 }), fc.nat({ max: shape.length - 1 }))),
    ([shape, [a, b]]) => ({ f: (x) => ops.flatten(x, Math.min(a, b), Math.max(a, b)), inputs: [{ shape }] }),
  ),
  flip: gradientCase(withShape(shapes(), axesOf), ([shape, axes]) => ({
    f: (x) => ops.flip(x, axes),
    inputs: [{ shape }],
  })),
  max: reduction(ops.max),
  mean: reduction(ops.mean),
  min: reduction(ops.min),
  pad: gradientCase(
    withShape(shapes(), (shape) =>
      fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })), { maxLength: shape.length }),
    ),
    ([shape, widths]) => ({ f: (x) => ops.pad(x, widths), inputs: [{ shape }] }),
  ),
  permute: gradientCase(
    withShape(shapes(), (shape) =>
      fc.shuffledSubarray(
        shape.map((_, axis) => axis),
        { minLength: shape.length },
      ),
    ),
    ([shape, axes]) => ({ f: (x) => ops.permute(x, axes), inputs: [{ shape }] }),
  ),
  reshape: gradientCase(
    withShape(shapes(), (shape) => fc.tuple(fc.nat({ max: 3 }), fc.constant(shape.toReversed()))),
    ([shape, [ones, reversed]]) => ({
      f: (x) => ops.reshape(x, [...new Array<number>(ones).fill(1), -1, ...reversed.slice(1)]),
      inputs: [{ shape }],
    }),
  ),
  select: gradientCase(
    withShape(shapes(1), (shape) => fc.tuple(axisOf(shape), fc.nat())),
    ([shape, [axis, n]]) => {
      const size = shape.at(axis) ?? 1;
      return { f: (x) => ops.select(x, axis, (n % (2 * size)) - size), inputs: [{ shape }] };
    },
  ),
  slice: gradientCase(
    withShape(shapes(), (shape) => fc.array(bounds, { maxLength: shape.length })),
    ([shape, axes]) => ({
      f: (x) =>
        ops.slice(
          x,
          axes.map(({ start }) => start),
          axes.map(({ end }) => end),
          axes.map(({ step }) => step),
        ),
      inputs: [{ shape }],
    }),
  ),
  squeeze: gradientCase(
    withShape(shapes(), (shape) => fc.nat({ max: shape.length })),
    ([shape, at]) => ({ f: (x) => ops.squeeze(x, at), inputs: [{ shape: shape.toSpliced(at, 0, 1) }] }),
  ),
  stack: gradientCase(
    withShape(shapes(), (shape) =>
      fc.record({ axis: fc.nat({ max: shape.length }), count: fc.integer({ min: 1, max: 3 }) }),
    ),
    ([shape, { axis, count }]) => ({
      f: (...parts) => ops.stack(parts, axis),
      inputs: new Array<{ shape: Shape }>(count).fill({ shape }),
    }),
  ),
  sum: reduction(ops.sum),
  transpose: gradientCase(
    withShape(shapes(1), (shape) => fc.tuple(axisOf(shape), axisOf(shape))),
    ([shape, [a, b]]) => ({ f: (x) => ops.transpose(x, a, b), inputs: [{ shape }] }),
  ),
  unsqueeze: gradientCase(
    withShape(shapes(), (shape) => fc.integer({ min: -shape.length - 1, max: shape.length })),
    ([shape, axis]) => ({ f: (x) => ops.unsqueeze(x, axis), inputs: [{ shape }] }),
  ),
  variance: gradientCase(
    fc.tuple(
      withShape(shapes(1), (shape) => fc.record({ axis: axisOf(shape), keepDims: fc.boolean() })),
      fc.constantFrom(0, 1),
    ),
    ([[shape, { axis, keepDims }], correction]) => {
      fc.pre((shape.at(axis) ?? 0) > correction);
      return { f: (x) => ops.variance(x, axis, { correction, keepDims }), inputs: [{ shape }] };
    },
  ),
};
