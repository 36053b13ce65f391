import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnaryOp } from '../../../../src/kernels/kernels.js';
import * as reference from '../../../../src/kernels/reference/elementwise.js';
import { exact } from './poolCase.js';
import { firstMismatch, KernelRig, runRanges, variants } from './support.js';
import { numbers, range, sameBits, seed } from './values.js';

const ops: readonly UnaryOp[] = [
  ...(['neg', 'abs', 'sign', 'exp', 'log', 'sqrt', 'erf', 'relu', 'leakyRelu', 'sigmoid', 'tanh', 'gelu'] as const),
  ...(['silu', 'softplus', 'pow', 'addScalar', 'mulScalar'] as const),
];

const length = fc.oneof(
  { weight: 19, arbitrary: fc.integer({ min: 0, max: 70 }) },
  { weight: 1, arbitrary: fc.constantFrom(16383, 16384, 16385, 40001) },
);
const scalar = fc.constantFrom(2, -1, 0.5, 0, 1, 3, 0.01, -2.5, 1e10, Number.NaN, Number.POSITIVE_INFINITY);

function apply(rig: KernelRig, op: number, x: Float32Array, s: number, ranges: number): Float32Array {
  rig.reset();
  const [at, to] = [rig.put(x), rig.allocate(x.length * 4)];
  runRanges(rig.call('elementTasks', x.length), ranges, (first, last) => {
    rig.call('unary', op, at, to, x.length, s, first, last);
  });
  return rig.floats(to, x.length).slice();
}

describe.each(variants)('unary ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  test.each(ops.map((op, code) => ({ op, code })))(
    '$op equals the float64 function, NaN and infinity included',
    ({ op, code }) => {
      fc.assert(
        fc.property(length, range, scalar, seed, (n, kind, s, start) => {
          const x = numbers(start, n, kind);
          const rounded = Math.fround(s);
          const expected = Float64Array.from(reference.unary(op, exact(x), rounded).values, (v) => Math.fround(v));
          const actual = apply(rig, code, x, s, 2);
          const magnitude = (v: number, i: number): number =>
            Math.abs(v) + (op === 'gelu' || op === 'silu' ? 1e-7 : 0) + (op === 'addScalar' ? Math.abs(x[i]!) : 0);
          expect(firstMismatch(actual, expected, expected.map(magnitude), 5e-7)).toBeUndefined();
        }),
        { numRuns: 200 },
      );
    },
  );

  test('gives the same bits in 1, 2 and 3 ranges, and in place', () => {
    fc.assert(
      fc.property(fc.nat(ops.length - 1), length, seed, (op, n, start) => {
        const x = numbers(start, n, 'wild');
        const whole = apply(rig, op, x, 0.3, 1);
        expect(sameBits([apply(rig, op, x, 0.3, 2)], [whole])).toBe(true);
        expect(sameBits([apply(rig, op, x, 0.3, 3)], [whole])).toBe(true);
        rig.reset();
        const at = rig.put(x);
        rig.call('unary', op, at, at, n, 0.3, 0, rig.call('elementTasks', n));
        expect(sameBits([rig.floats(at, n)], [whole])).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
