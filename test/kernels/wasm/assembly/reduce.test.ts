import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as reference from '../../../../src/kernels/reference/reduce.js';
import { exact } from './poolCase.js';
import { axisList, product } from './stridedCase.js';
import { firstMismatch, KernelRig, runRanges, variants } from './support.js';
import { numbers, range, sameBits, seed } from './values.js';

const ops = ['sum', 'max', 'min'] as const;

/** Alternating kept and reduced axes, as the contract merges them; some large enough to be cut into parts. */
const layout = fc
  .record({
    shape: fc.oneof(
      { weight: 16, arbitrary: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }) },
      { weight: 8, arbitrary: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<number[]>([100003], [3, 70001], [70001, 3], [300, 5, 250], [2, 40000, 2]),
      },
    ),
    firstReduced: fc.boolean(),
  })
  .map(({ shape, firstReduced }) => ({
    shape: [...shape],
    reduced: shape.map((_, a) => (a % 2 === 0) === firstReduced),
  }));

type Layout = { shape: number[]; reduced: boolean[] };

function reduce(rig: KernelRig, op: number, x: Float32Array, { shape, reduced }: Layout, ranges: number): Float32Array {
  rig.reset();
  const at = rig.putInts([axisList(shape, 1), axisList(reduced.map(Number), 0)].flat());
  const outputs = product(shape.filter((_, a) => !reduced[a]));
  const parts = rig.call('reduceParts', at);
  const [values, partials, y] = [rig.put(x), rig.allocate(outputs * parts * 8), rig.allocate(outputs * 4)];
  runRanges(rig.call('reduceTasks', at), ranges, (first, last) => {
    rig.call('reduce', op, values, partials, at, first, last);
  });
  runRanges(rig.call('elementTasks', outputs), ranges, (first, last) => {
    rig.call('reduceFinish', op, partials, y, outputs, parts, first, last);
  });
  return rig.floats(y, outputs).slice();
}

describe.each(variants)('reduce ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  test.each([0, 1, 2] as const)('operation %i equals float64 loops over any axes, NaN and infinity included', (op) => {
    fc.assert(
      fc.property(layout, range, seed, (where, kind, s) => {
        // Sums of float32's largest numbers overflow in lanes; they are not what a sum promises.
        const x = numbers(s, product(where.shape), kind).map((v) => (op === 0 && Math.abs(v) > 1e30 ? 1e30 : v));
        const expected = reference.reduce(ops[op], exact(x), where).values;
        const scale = op === 0 ? reference.reduce('sum', exact(x.map(Math.abs)), where).values : expected;
        const tolerance = op === 0 ? 1e-6 : 0;
        expect(firstMismatch(reduce(rig, op, x, where, 2), expected, scale, tolerance)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test.each([{ shape: [1_000_000] }, { shape: [1_000_000, 1] }, { shape: [1000, 1000] }])(
    'a sum of many equal numbers is as good as one of few: $shape',
    ({ shape }) => {
      const x = new Float32Array(1_000_000).fill(0.1);
      const sums = reduce(rig, 0, x, { shape, reduced: shape.map((_, a) => a === 0) }, 1);
      for (const sum of sums) expect(Math.abs(sum / (shape[0]! * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
    },
  );

  test('gives the same bits in 1, 2 and 3 ranges', () => {
    fc.assert(
      fc.property(layout, fc.nat(2), seed, (where, op, s) => {
        const x = numbers(s, product(where.shape), 'unit');
        const whole = reduce(rig, op, x, where, 1);
        expect(sameBits([reduce(rig, op, x, where, 2)], [whole])).toBe(true);
        expect(sameBits([reduce(rig, op, x, where, 3)], [whole])).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('argMax finds the first maximum of each row; the first NaN wins', () => {
    const rows = fc.record({
      outer: fc.nat(5),
      size: fc.integer({ min: 1, max: 12 }),
      inner: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(rows, range, seed, fc.integer({ min: 1, max: 3 }), (where, kind, s, ranges) => {
        const { outer, size, inner } = where;
        const x = numbers(s, outer * size * inner, kind);
        rig.reset();
        const [at, y] = [rig.put(x), rig.allocate(outer * inner * 4)];
        runRanges(rig.call('elementTasks', outer * inner), ranges, (first, last) => {
          rig.call('argMax', at, y, outer, size, inner, first, last);
        });
        expect([...rig.floats(y, outer * inner)]).toEqual([...reference.argMax(exact(x), where).values]);
      }),
      { numRuns: 300 },
    );
  });
});
