/**
 * @file Compares a kernel set with the reference set, method by method, over random geometries.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Kernels, Storage } from '../../../src/kernels/kernels.js';
import { referenceKernels } from '../../../src/kernels/reference/referenceKernels.js';
import type { KernelMethod, KernelTolerances, Tolerance } from '../../tolerances.js';
import * as convolutionCases from './convolutionCases.js';
import * as elementwiseCases from './elementwiseCases.js';
import type { Cases, KernelCase } from './kernelCase.js';
import * as poolingCases from './poolingCases.js';
import * as reductionCases from './reductionCases.js';

const cases: Readonly<Record<KernelMethod, Cases>> = {
  ...elementwiseCases,
  ...reductionCases,
  ...convolutionCases,
  ...poolingCases,
};

export interface ParityOptions {
  readonly tolerances: KernelTolerances;
  /** Sets whose results must have the same bits, by name: other numbers of threads. */
  readonly twins?: Readonly<Record<string, Kernels>>;
  /** Cases per method. */
  readonly numRuns?: number;
}

/** One test per method of the contract. */
export function describeParity(name: string, kernels: Kernels, options: ParityOptions): void {
  const { tolerances, twins = {}, numRuns = 100 } = options;
  const methods = Object.keys(cases) as KernelMethod[];
  describe(`${name} agrees with the reference set`, () => {
    test.each(methods)('%s', async (method) => {
      await fc.assert(
        fc.asyncProperty(cases[method], async (kernelCase) => {
          const expected = await outputsOf(referenceKernels, kernelCase);
          if (kernelCase.isIllPosed?.(expected)) return;
          const actual = await outputsOf(kernels, kernelCase);
          const scale = await scaleOf(kernelCase, expected);
          expect(actual.length).toBe(expected.length);
          actual.forEach((output, i) => {
            expectParity(output, expected[i] ?? [], tolerances[method], scale, kernelCase);
          });
          for (const [twin, set] of Object.entries(twins)) {
            const twinOutputs = await outputsOf(set, kernelCase);
            twinOutputs.forEach((output, i) => {
              expectSameBits(output, actual[i] ?? [], twin);
            });
          }
        }),
        { numRuns },
      );
    });
  });
}

/** Runs a case on a set, and frees everything it made. */
async function outputsOf(kernels: Kernels, { inputs, run, consumes = [] }: KernelCase): Promise<ArrayLike<number>[]> {
  const storages = inputs.map((data) => kernels.upload(data, 'float32'));
  const outputs = run(kernels, storages);
  const values = await Promise.all(outputs.map((storage) => kernels.read(storage)));
  const all: ReadonlySet<Storage> = new Set([...storages.filter((_, i) => !consumes.includes(i)), ...outputs]);
  for (const storage of all) kernels.free(storage);
  return values;
}

/** What errors are proportional to. */
async function scaleOf(kernelCase: KernelCase, expected: readonly ArrayLike<number>[]): Promise<number> {
  const { inputs, isSum } = kernelCase;
  if (!isSum) return Math.max(1, ...[...inputs, ...expected].map(largestFinite));
  const magnitudes = inputs.map((data) => Float32Array.from(data, (x) => (Number.isFinite(x) ? Math.abs(x) : 1)));
  const sums = await outputsOf(referenceKernels, { ...kernelCase, inputs: magnitudes });
  return Math.max(...sums.map(largestFinite));
}

function largestFinite(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] ?? 0);
    if (size > largest && size < Number.POSITIVE_INFINITY) largest = size;
  }
  return largest;
}

function expectParity(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { rtol, atol }: Tolerance,
  scale: number,
  { specials, mayMixCells = false }: KernelCase,
): void {
  expect(actual.length).toBe(expected.length);
  const mayBeNaN = specials !== 'none' && mayMixCells;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] ?? Number.NaN, expected[i] ?? Number.NaN];
    if (a === e || (Number.isNaN(a) && (Number.isNaN(e) || mayBeNaN))) continue;
    // Whether ∞ − ∞ is met on the way depends on the order of operations.
    if (specials === 'infinities' && !Number.isFinite(a) && !Number.isFinite(e)) continue;
    const error = Math.abs(a - e);
    const allowed = rtol * Math.abs(e) + atol * scale;
    if (error <= allowed) continue;
    expect.fail(`[${i}] is ${a}, expected ${e}: off by ${error}, allowed ${allowed} (scale ${scale})`);
  }
}

function expectSameBits(actual: ArrayLike<number>, expected: ArrayLike<number>, twin: string): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      expect.fail(`[${i}] is ${actual[i]} on ${twin}, ${expected[i]} on the first set`);
    }
  }
}
