import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstMismatch, KernelRig, readPlan, runRanges, variants } from './support.js';

interface Product {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly sharedA: boolean;
  readonly sharedB: boolean;
  readonly bias: 0 | 1 | 2;
  readonly relu: boolean;
}

interface Operands {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly bias: Float32Array;
}

/** Mostly small; the larger ones cross the kernel's block sizes (96 rows, 256 columns, 256 steps). */
const size = (large: number[]): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 30 }) },
    { weight: 1, arbitrary: fc.constantFrom(...large) },
  );

const product: fc.Arbitrary<Product> = fc.record({
  batch: fc.integer({ min: 0, max: 3 }),
  m: size([96, 97, 120]),
  n: size([100, 256, 300]),
  k: size([256, 257, 520]),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  sharedA: fc.boolean(),
  sharedB: fc.boolean(),
  bias: fc.constantFrom(0, 1, 2),
  relu: fc.boolean(),
});

/** Pseudo-random floats in [−1, 1), a few of them NaN or infinite where `wild`. */
function operands(p: Product, seed: number, wild: boolean): Operands {
  let state = seed | 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = Math.fround(state / 2 ** 31 - 1);
    if (!wild || state % 97 > 2) return value;
    return [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][state % 97]!;
  };
  const fill = (length: number): Float32Array => new Float32Array(length).map(next);
  return {
    a: fill((p.sharedA ? 1 : p.batch) * p.m * p.k),
    b: fill((p.sharedB ? 1 : p.batch) * p.k * p.n),
    bias: fill(p.bias === 1 ? p.m : p.n),
  };
}

/** The product by plain float64 loops, and beside it the sum of magnitudes that bounds its rounding error. */
function expected(p: Product, { a, b, bias }: Operands): { c: Float64Array; scale: Float64Array } {
  const c = new Float64Array(p.batch * p.m * p.n);
  const scale = new Float64Array(c.length);
  let cell = 0;
  for (let i = 0; i < p.batch; i++) {
    const aStart = p.sharedA ? 0 : i * p.m * p.k;
    const bStart = p.sharedB ? 0 : i * p.k * p.n;
    for (let row = 0; row < p.m; row++) {
      for (let column = 0; column < p.n; column++) {
        let sum = p.bias === 0 ? 0 : bias[p.bias === 1 ? row : column]!;
        let magnitude = Math.abs(sum);
        for (let step = 0; step < p.k; step++) {
          const term =
            a[aStart + (p.transposeA ? step * p.m + row : row * p.k + step)]! *
            b[bStart + (p.transposeB ? column * p.k + step : step * p.n + column)]!;
          sum += term;
          magnitude += Math.abs(term);
        }
        c[cell] = p.relu ? Math.max(sum, 0) : sum;
        scale[cell++] = magnitude;
      }
    }
  }
  return { c, scale };
}

function multiply(rig: KernelRig, p: Product, { a, b, bias }: Operands, ranges: number): Float32Array {
  rig.reset();
  const plan = rig.allocate(rig.call('gemmPlanBytes'));
  rig.call(
    'gemmPlan',
    plan,
    p.batch,
    p.m,
    p.n,
    p.k,
    +p.transposeA,
    +p.transposeB,
    p.sharedA ? 0 : p.m * p.k,
    p.sharedB ? 0 : p.k * p.n,
  );
  const { prepareTasks, tasks, workspaceBytes, scratchBytes } = readPlan(rig, plan);
  const [aAt, bAt, biasAt] = [rig.put(a), rig.put(b), rig.put(bias)];
  const c = rig.allocate(p.batch * p.m * p.n * 4);
  const workspace = rig.allocate(workspaceBytes);
  const scratch = rig.allocate(scratchBytes);
  runRanges(prepareTasks, ranges, (first, last) => rig.call('gemmPrepare', plan, bAt, workspace, first, last));
  runRanges(tasks, ranges, (first, last) =>
    rig.call('gemm', plan, aAt, biasAt, p.bias, +p.relu, c, workspace, scratch, first, last),
  );
  return rig.floats(c, p.batch * p.m * p.n).slice();
}

describe.each(variants)('gemm ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  test('equals float64 loops for any sizes, layouts, bias and activation, NaN and infinity included', () => {
    fc.assert(
      fc.property(product, fc.integer(), fc.boolean(), (p, seed, wild) => {
        const values = operands(p, seed, wild);
        const { c, scale } = expected(p, values);
        expect(firstMismatch(multiply(rig, p, values, 1), c, scale, 1e-6)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test('gives the same bits in 1, 2 and 3 ranges', () => {
    fc.assert(
      fc.property(product, fc.integer(), (p, seed) => {
        const values = operands(p, seed, false);
        const whole = multiply(rig, p, values, 1);
        expect(multiply(rig, p, values, 2)).toEqual(whole);
        expect(multiply(rig, p, values, 3)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });
});
