import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CheckedFunction, type GradcheckInput, gradcheck, gradgradcheck } from '../../src/testing/index.js';

/** A function and where to check its gradient. */
export interface GradientProblem {
  readonly f: CheckedFunction;
  readonly inputs: readonly GradcheckInput[];
}

/** Random gradient problems of one operation. */
export interface GradientCase {
  /** Runs `check` on a problem for each of `count` random geometries. */
  readonly run: (count: number, check: (problem: GradientProblem, seed: number) => Promise<unknown>) => Promise<void>;
}

/** Random geometries, and the problem that each one poses. A geometry that is no problem is rejected with `fc.pre`. */
export function gradientCase<Geometry>(
  geometries: fc.Arbitrary<Geometry>,
  problem: (geometry: Geometry, seed: number) => GradientProblem,
): GradientCase {
  return {
    run: (count, check) =>
      fc.assert(
        fc.asyncProperty(geometries, fc.nat({ max: 9999 }), async (geometry, seed) => {
          await check(problem(geometry, seed), seed);
        }),
        { numRuns: count },
      ),
  };
}

/** Geometries per operation and order; the mutation run, which repeats everything thousands of times, asks for fewer. */
const GEOMETRIES = Number(process.env.SOFTGRAD_GEOMETRIES ?? 100);

/** Every element of small tensors, a few random directions of larger ones. */
const coverage = { maxElements: 12, directions: 3 };

/** Tests first and second derivatives of every operation in a table. */
export function testGradients(cases: Readonly<Record<string, GradientCase>>): void {
  test.each(Object.entries(cases))(`%s passes gradcheck over ${GEOMETRIES} geometries`, async (_, { run }) => {
    await run(GEOMETRIES, async ({ f, inputs }, seed) => {
      expect((await gradcheck(f, inputs, { ...coverage, seed })).passed).toBe(true);
    });
  });

  test.each(Object.entries(cases))(`%s passes gradgradcheck over ${GEOMETRIES} geometries`, async (_, { run }) => {
    await run(GEOMETRIES, async ({ f, inputs }, seed) => {
      expect((await gradgradcheck(f, inputs, { ...coverage, seed })).passed).toBe(true);
    });
  });
}
