import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as reference from '../../../../src/kernels/reference/reduce.js';
import { exact } from './poolCase.js';
import { firstMismatch, KernelRig, runRanges, variants } from './support.js';
import { numbers, range, sameBits, seed } from './values.js';

const rows = fc.record({
  outer: fc.nat(6),
  size: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(100, 1000, 1500)),
  inner: fc.constantFrom(1, 1, 2, 5),
});
type Rows = { outer: number; size: number; inner: number };

const smoothing = fc.constantFrom(0, 0.1, 0.5, 1);
const ranges = fc.integer({ min: 1, max: 3 });

/** Calls a row kernel: arrays are put into memory, the result's place follows them. */
function call(
  rig: KernelRig,
  name: string,
  inputs: readonly Float32Array[],
  length: number,
  { outer, size, inner }: Rows,
  last: number,
  cut: number,
): Float32Array {
  rig.reset();
  const addresses = inputs.map((values) => rig.put(values));
  const y = rig.allocate(length * 4);
  const scratch = rig.allocate(rig.call('softmaxScratchBytes', size));
  runRanges(rig.call('rowTasks', outer, size, inner), cut, (first, end) => {
    rig.call(name, ...addresses, y, outer, size, inner, last, scratch, first, end);
  });
  return rig.floats(y, length).slice();
}

function labelsOf(s: number, { outer, size, inner }: Rows): Float32Array {
  return numbers(s, outer * inner, 'unit').map((v) => Math.floor(Math.abs(v) * 1000) % size);
}

describe.each(variants)('softmax and cross-entropy ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  test('softmax and its logarithm equal float64 loops, NaN and infinity included', () => {
    fc.assert(
      fc.property(rows, range, seed, fc.boolean(), ranges, (where, kind, s, log, cut) => {
        const x = numbers(s, where.outer * where.size * where.inner, kind);
        const y = call(rig, 'softmax', [x], x.length, where, Number(log), cut);
        const expected = Float64Array.from(reference.softmax(exact(x), where, log).values, Math.fround);
        const scale = expected.map((v) => (log ? Math.abs(v) + 1 : v * (1 - Math.log(v + 1e-45))));
        expect(firstMismatch(y, expected, scale, 2e-6)).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  test('crossEntropy and its gradient equal float64 loops', () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('unit', 'large', 'ties'),
        smoothing,
        seed,
        ranges,
        (where, kind, soft, s, cut) => {
          const logits = numbers(s, where.outer * where.size * where.inner, kind);
          const labels = labelsOf(s + 1, where);
          const rounded = Math.fround(soft);
          const loss = call(rig, 'crossEntropy', [logits, labels], labels.length, where, soft, cut);
          const expected = reference.crossEntropy(exact(logits), exact(labels), where, rounded).values;
          expect(
            firstMismatch(
              loss,
              expected,
              expected.map((v) => Math.abs(v) + 1),
              2e-6,
            ),
          ).toBeUndefined();

          const upstream = numbers(s + 2, labels.length, 'unit');
          const grad = call(rig, 'crossEntropyGrad', [upstream, logits, labels], logits.length, where, soft, cut);
          const expectedGrad = reference.crossEntropyGrad(
            exact(upstream),
            exact(logits),
            exact(labels),
            where,
            rounded,
          );
          expect(
            firstMismatch(
              grad,
              expectedGrad.values,
              expectedGrad.values.map(() => 4),
              1e-6,
            ),
          ).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a row with NaN has a NaN loss, and no other row has', () => {
    const logits = Float32Array.of(1, Number.NaN, 3, 1, 2, 3);
    const where = { outer: 2, size: 3, inner: 1 };
    const loss = call(rig, 'crossEntropy', [logits, Float32Array.of(0, 1)], 2, where, 0, 1);
    expect(loss[0]).toBeNaN();
    expect(loss[1]).toBeCloseTo(1.4076, 4);
  });

  test('gives the same bits in 1, 2 and 3 ranges', () => {
    fc.assert(
      fc.property(rows, seed, (where, s) => {
        const x = numbers(s, where.outer * where.size * where.inner, 'unit');
        const labels = labelsOf(s + 1, where);
        const all = (cut: number): Float32Array[] => [
          call(rig, 'softmax', [x], x.length, where, 0, cut),
          call(rig, 'crossEntropy', [x, labels], labels.length, where, 0.1, cut),
          call(rig, 'crossEntropyGrad', [labels, x, labels], x.length, where, 0.1, cut),
        ];
        const whole = all(1);
        expect(sameBits(all(2), whole)).toBe(true);
        expect(sameBits(all(3), whole)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
