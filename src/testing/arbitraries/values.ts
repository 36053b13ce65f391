/**
 * @file Random values for tensors.
 */
import fc from 'fast-check';
import { Generator } from '../../tensor/generator.js';
import { type Shape, sizeOf } from '../../tensor/shape.js';
import { type ValueRange, wellSeparated } from '../wellSeparated.js';

/**
 * Values for a tensor of `shape`, all different by a margin and away from 0: any two, and each and 0, are at least
 * (high − low) / (2 size + 4) apart. So no maximum changes hands and no kink of relu is met within a small step.
 */
export function wellSeparatedValues(shape: Shape, range: ValueRange = {}): fc.Arbitrary<Float64Array> {
  return fc.nat().map((seed) => wellSeparated(sizeOf(shape), new Generator(seed), range));
}

export interface FloatConstraints {
  /** Default −10⁴. */
  readonly min?: number;
  /** Default 10⁴. */
  readonly max?: number;
}

/** Finite numbers that float32 holds exactly, of any magnitude up to 10⁴, with −0 and ties among them. */
export function finiteFloats(constraints: FloatConstraints = {}): fc.Arbitrary<number> {
  const { min = -1e4, max = 1e4 } = constraints;
  const moderate = { min: Math.max(min, -4), max: Math.min(max, 4) };
  const anywhere = fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true, noDefaultInfinity: true });
  if (moderate.min >= moderate.max) return anywhere;
  // fast-check's floats are mostly tiny; ordinary sizes and whole numbers, which tie, have a part of their own.
  return fc.oneof(
    anywhere,
    fc.integer({ min: Math.ceil(moderate.min), max: Math.floor(moderate.max) }),
    fc.double({ ...moderate, noNaN: true }).map(Math.fround),
    fc.integer({ min: Math.ceil(min), max: Math.floor(max) }),
  );
}

/** Finite values for a tensor of `shape`; see `finiteFloats`. */
export function finiteValues(shape: Shape, constraints: FloatConstraints = {}): fc.Arbitrary<Float64Array> {
  const length = sizeOf(shape);
  return fc
    .array(finiteFloats(constraints), { minLength: length, maxLength: length })
    .map((values) => Float64Array.from(values));
}

/** `count` class numbers below `classes`. */
export function labels(count: number, classes: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat({ max: classes - 1 }), { minLength: count, maxLength: count });
}
