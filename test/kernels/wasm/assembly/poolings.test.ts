import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as reference from '../../../../src/kernels/reference/windows.js';
import { exact, geometry, inputLength, outputLength, pool, volume } from './poolCase.js';
import { firstMismatch, KernelRig, variants } from './support.js';
import { numbers, range, sameBits, seed } from './values.js';

describe.each(variants)('max, average, unfold ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  test('maxPool picks the value of the first maximal key; NaN is the largest', () => {
    fc.assert(
      fc.property(geometry, range, fc.boolean(), seed, (g, kind, same, s) => {
        const keys = numbers(s, inputLength(g), kind);
        const values = same ? keys : numbers(s + 1, keys.length, 'unit');
        const y = pool(rig, 'maxPool', { inputs: [values, keys] }, outputLength(g), g);
        const expected = reference.maxPool(exact(values), exact(keys), g).values;
        expect(firstMismatch(y, expected, expected, 0)).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  test('maxUnpool sends each cotangent to the first maximal key', () => {
    fc.assert(
      fc.property(geometry, range, seed, (g, kind, s) => {
        const keys = numbers(s, inputLength(g), kind);
        const upstream = numbers(s + 1, outputLength(g), 'ties');
        const grad = pool(rig, 'maxUnpool', { inputs: [upstream, keys] }, keys.length, g);
        const expected = reference.maxUnpool(exact(upstream), exact(keys), g).values;
        expect(firstMismatch(grad, expected, expected, 0)).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  test('avgPool and avgUnpool divide by the cells of the padded input or of the input', () => {
    fc.assert(
      fc.property(geometry, range, fc.boolean(), seed, (g, kind, countIncludePad, s) => {
        const x = numbers(s, inputLength(g), kind);
        const scalars = [Number(countIncludePad)];
        const y = pool(rig, 'avgPool', { inputs: [x], scalars }, outputLength(g), g);
        const expected = reference.avgPool(exact(x), g, countIncludePad).values;
        const absolute = reference.avgPool(exact(x.map(Math.abs)), g, countIncludePad).values;
        expect(firstMismatch(y, expected, absolute, 1e-6)).toBeUndefined();

        const upstream = numbers(s + 1, y.length, 'unit');
        const grad = pool(rig, 'avgUnpool', { inputs: [upstream], scalars }, x.length, g);
        const expectedGrad = reference.avgUnpool(exact(upstream), g, countIncludePad).values;
        const bound = reference.avgUnpool(exact(upstream.map(Math.abs)), g, countIncludePad).values;
        expect(firstMismatch(grad, expectedGrad, bound, 1e-6)).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  test('unfold lays windows side by side and fold sums them back', () => {
    fc.assert(
      fc.property(geometry, fc.constantFrom(0, -1.5, Number.NEGATIVE_INFINITY), seed, (g, padValue, s) => {
        const x = numbers(s, inputLength(g), 'wild');
        const size = outputLength(g) * volume(g.kernel);
        const windows = pool(rig, 'unfold', { inputs: [x], scalars: [padValue] }, size, g);
        const expected = reference.unfold(exact(x), g, padValue).values;
        expect(firstMismatch(windows, expected, expected, 0)).toBeUndefined();

        const cotangent = numbers(s + 1, size, 'ties');
        const folded = pool(rig, 'fold', { inputs: [cotangent] }, x.length, g);
        expect([...folded]).toEqual([...reference.fold(exact(cotangent), g).values].map((v) => v + 0));
      }),
      { numRuns: 300 },
    );
  });

  test('all give the same bits in 1, 2 and 3 ranges', () => {
    fc.assert(
      fc.property(geometry, seed, (g, s) => {
        const x = numbers(s, inputLength(g), 'wild');
        const upstream = numbers(s + 1, outputLength(g), 'unit');
        const windows = numbers(s + 2, upstream.length * volume(g.kernel), 'unit');
        const all = (ranges: number): Float32Array[] => [
          pool(rig, 'maxPool', { inputs: [x, x] }, upstream.length, g, ranges),
          pool(rig, 'maxUnpool', { inputs: [upstream, x] }, x.length, g, ranges),
          pool(rig, 'avgPool', { inputs: [x], scalars: [1] }, upstream.length, g, ranges),
          pool(rig, 'avgUnpool', { inputs: [upstream], scalars: [0] }, x.length, g, ranges),
          pool(rig, 'unfold', { inputs: [x], scalars: [0] }, windows.length, g, ranges),
          pool(rig, 'fold', { inputs: [windows] }, x.length, g, ranges),
        ];
        const whole = all(1);
        expect(sameBits(all(2), whole)).toBe(true);
        expect(sameBits(all(3), whole)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
