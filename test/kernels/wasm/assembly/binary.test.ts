import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BinaryOp } from '../../../../src/kernels/kernels.js';
import * as reference from '../../../../src/kernels/reference/elementwise.js';
import { exact } from './poolCase.js';
import { axisList, contiguous, product } from './stridedCase.js';
import { firstMismatch, KernelRig, runRanges, variants } from './support.js';
import { numbers, range, sameBits, seed } from './values.js';

const ops: readonly BinaryOp[] = [
  ...(['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'equal', 'greater', 'greaterEqual'] as const),
  ...(['less', 'lessEqual', 'addRelu', 'reluGrad', 'leakyReluGrad'] as const),
];

interface Broadcast {
  readonly shape: number[];
  readonly stridesA: number[];
  readonly stridesB: number[];
}

/** Any broadcast of two operands, each axis present or repeated, or transposed: strides that no fast path knows. */
const broadcast: fc.Arbitrary<Broadcast> = fc
  .record({
    shape: fc.oneof(
      { weight: 5, arbitrary: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }) },
      {
        weight: 5,
        arbitrary: fc.tuple(
          fc.integer({ min: 1, max: 3 }),
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 40 }),
        ),
      },
      { weight: 1, arbitrary: fc.constantFrom<number[]>([5, 7001], [33000], [2, 3, 5600]) },
    ),
    keepA: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    keepB: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    transposed: fc.boolean(),
  })
  .map(({ shape, keepA, keepB, transposed }) => {
    const strides = (keep: boolean[], flip: boolean): number[] => {
      const own = shape.map((size, a) => (keep[a] ? size : 1));
      const plain = flip ? contiguous([...own].reverse()).reverse() : contiguous(own);
      return plain.map((stride, a) => (keep[a] ? stride : 0));
    };
    return { shape: [...shape], stridesA: strides(keepA, false), stridesB: strides(keepB, transposed) };
  });

const sizeOf = ({ shape }: Broadcast, strides: number[]): number => product(shape.map((n, a) => (strides[a] ? n : 1)));

function apply(rig: KernelRig, op: number, a: Float32Array, b: Float32Array, s: number, to: Broadcast, ranges: number) {
  rig.reset();
  const layout = rig.putInts([axisList(to.shape, 1), axisList(to.stridesA, 0), axisList(to.stridesB, 0)].flat());
  const cells = product(to.shape);
  const [aAt, bAt, y] = [rig.put(a), rig.put(b), rig.allocate(cells * 4)];
  runRanges(rig.call('elementTasks', cells), ranges, (first, last) => {
    rig.call('binary', op, aAt, bAt, y, layout, s, first, last);
  });
  return rig.floats(y, cells).slice();
}

describe.each(variants)('binary ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  test.each(ops.map((op, code) => ({ op, code })))(
    '$op equals the float64 function under any broadcast',
    ({ op, code }) => {
      fc.assert(
        fc.property(broadcast, range, range, seed, (layout, kindA, kindB, s) => {
          const a = numbers(s, sizeOf(layout, layout.stridesA), kindA);
          const b = numbers(s + 1, sizeOf(layout, layout.stridesB), kindB);
          const scalar = Math.fround(0.1);
          const expected = reference.binary(op, exact(a), exact(b), layout, scalar).values.map((v) => Math.fround(v));
          const scale = op === 'pow' ? expected.map(Math.abs) : expected;
          const tolerance = op === 'pow' ? 4e-7 : 0;
          expect(firstMismatch(apply(rig, code, a, b, scalar, layout, 2), expected, scale, tolerance)).toBeUndefined();
        }),
        { numRuns: 200 },
      );
    },
  );

  test('where picks by condition; NaN counts as true', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), seed, fc.integer({ min: 1, max: 3 }), (n, s, ranges) => {
        const condition = numbers(s, n, 'ties').map((v, i) => (i % 7 === 0 ? Number.NaN : v));
        const [a, b] = [numbers(s + 1, n, 'wild'), numbers(s + 2, n, 'wild')];
        rig.reset();
        const addresses = [condition, a, b].map((values) => rig.put(values));
        const y = rig.allocate(n * 4);
        runRanges(rig.call('elementTasks', n), ranges, (first, last) => {
          rig.call('where', ...addresses, y, n, first, last);
        });
        const expected = reference.where(exact(condition), exact(a), exact(b)).values;
        expect([...rig.floats(y, n)]).toEqual([...expected]);
      }),
      { numRuns: 200 },
    );
  });

  test('gives the same bits in 1, 2 and 3 ranges', () => {
    fc.assert(
      fc.property(fc.nat(ops.length - 1), broadcast, seed, (op, layout, s) => {
        const a = numbers(s, sizeOf(layout, layout.stridesA), 'wild');
        const b = numbers(s + 1, sizeOf(layout, layout.stridesB), 'wild');
        const whole = apply(rig, op, a, b, 0.1, layout, 1);
        expect(sameBits([apply(rig, op, a, b, 0.1, layout, 2)], [whole])).toBe(true);
        expect(sameBits([apply(rig, op, a, b, 0.1, layout, 3)], [whole])).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
