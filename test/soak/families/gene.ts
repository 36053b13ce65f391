/**
 * @file What programs are grown from: one step's worth of random choices, which fits wherever it comes in a program. So leaving
 * one out, or making its numbers smaller, leaves a program; this is how fast-check shrinks.
 */
import fc from 'fast-check';
import type { Shape } from '../../../src/index.js';
import { shapes } from '../../../src/testing/arbitraries/shapes.js';
import type { ProgramBuilder } from '../programBuilder.js';

/** Adds a step, or the few that lead to it. */
export type Gene = (builder: ProgramBuilder) => void;

export type Genes = fc.Arbitrary<Gene>;

/** Which of the inputs and results a step takes: 0 a new input, else the latest, the one before it … */
export const picks: fc.Arbitrary<number> = fc.nat({ max: 5 });

/** Shapes of new inputs where the step takes any. */
export const anyShape: fc.Arbitrary<Shape> = shapes({ maxRank: 4, maxSize: 4 });

/** The same with an axis at least. */
export const withAxis: fc.Arbitrary<Shape> = shapes({ minRank: 1, maxRank: 4, maxSize: 4 });

/** Numbers that float32 holds exactly, so that every set of kernels sees the same. */
export const scalars: fc.Arbitrary<number> = fc.constantFrom(1, 2, 0, -1, 0.5, -0.5, 3, 0.25, -2);

/** One of `size` positions, from any number. */
export function position(number: number, size: number): number {
  return size === 0 ? 0 : number % size;
}
