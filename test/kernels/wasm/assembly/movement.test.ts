import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axisList, contiguous, product } from './stridedCase.js';
import { KernelRig, runRanges, variants } from './support.js';
import { numbers, sameBits, seed } from './values.js';

interface Walk {
  readonly source: number[];
  readonly shape: number[];
  readonly strides: number[];
  readonly offset: number;
}

/** A permuted slice with steps, some axes flipped; all cells distinct. */
const slice: fc.Arbitrary<Walk> = fc
  .record({
    source: fc.oneof(
      { weight: 9, arbitrary: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }) },
      { weight: 1, arbitrary: fc.constantFrom<number[]>([40000], [3, 9000], [130, 140]) },
    ),
    seeds: fc.array(fc.nat(1000), { minLength: 24, maxLength: 24 }),
  })
  .map(({ source, seeds }) => {
    const dense = contiguous(source);
    const axes = source.map((size, a) => {
      const [step, flip, start] = [1 + (seeds[a]! % 2), seeds[6 + a]! % 2 === 1, seeds[12 + a]! % Math.min(size, 3)];
      const count = Math.ceil((size - start) / step);
      const first = flip ? start + (count - 1) * step : start;
      return { count, stride: dense[a]! * step * (flip ? -1 : 1), offset: first * dense[a]!, order: seeds[18 + a]! };
    });
    axes.sort((a, b) => a.order - b.order);
    return {
      source: [...source],
      shape: axes.map((a) => a.count),
      strides: axes.map((a) => a.stride),
      offset: axes.reduce((sum, a) => sum + a.offset, 0),
    };
  });

function offsets({ shape, strides, offset }: Walk): number[] {
  return shape.reduce<number[]>(
    (starts, size, a) => starts.flatMap((from) => Array.from({ length: size }, (_, i) => from + i * strides[a]!)),
    [offset],
  );
}

function move(rig: KernelRig, name: string, x: Float32Array, walk: Walk, length: number, ranges: number): Float32Array {
  rig.reset();
  const layout = rig.putInts([axisList(walk.shape, 1), axisList(walk.strides, 0)].flat());
  const [at, to] = [rig.put(x), rig.allocate(length * 4)];
  runRanges(rig.call('elementTasks', length), ranges, (first, last) => rig.call('fill', to, length, 0, first, last));
  runRanges(rig.call('elementTasks', product(walk.shape)), ranges, (first, last) => {
    rig.call(name, at, to, layout, walk.offset, first, last);
  });
  return rig.floats(to, length).slice();
}

describe.each(variants)('movement ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  test('gatherStrided permutes, slices with steps and flips; scatterStrided is its adjoint', () => {
    fc.assert(
      fc.property(slice, seed, fc.integer({ min: 1, max: 3 }), (walk, s, ranges) => {
        const x = numbers(s, product(walk.source), 'wild');
        const cells = offsets(walk);
        const gathered = move(rig, 'gatherStrided', x, walk, cells.length, ranges);
        expect(sameBits([gathered], [Float32Array.from(cells, (cell) => x[cell]!)])).toBe(true);

        const expected = new Float32Array(x.length);
        cells.forEach((cell, i) => {
          expected[cell] = gathered[i]!;
        });
        expect(sameBits([move(rig, 'scatterStrided', gathered, walk, x.length, ranges)], [expected])).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('gatherStrided repeats along axes of stride 0', () => {
    fc.assert(
      fc.property(slice, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), seed, (walk, repeat, s) => {
        const x = numbers(s, product(walk.source), 'wild');
        // Flipped axes begin at their far end, so leave those alone.
        const strides = walk.strides.map((stride, a) => (repeat[a] && stride > 0 ? 0 : stride));
        const repeated = { ...walk, strides };
        const cells = offsets(repeated);
        const actual = move(rig, 'gatherStrided', x, repeated, cells.length, 2);
        expect(sameBits([actual], [Float32Array.from(cells, (cell) => x[cell]!)])).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('concat puts parts side by side', () => {
    fc.assert(
      fc.property(
        fc.nat(6),
        fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }),
        seed,
        fc.integer({ min: 1, max: 3 }),
        (outer, inners, s, ranges) => {
          rig.reset();
          const parts = inners.map((inner, i) => numbers(s + i, outer * inner, 'wild'));
          const total = inners.reduce((a, b) => a + b, 0);
          const y = rig.allocate(outer * total * 4);
          let start = 0;
          parts.forEach((part, i) => {
            const at = rig.put(part);
            const from = start;
            runRanges(outer, ranges, (first, last) => {
              rig.call('concat', at, y, inners[i]!, total, from, first, last);
            });
            start += inners[i]!;
          });
          const expected = Array.from({ length: outer }, (_, o) =>
            parts.flatMap((part, i) => [...part.subarray(o * inners[i]!, (o + 1) * inners[i]!)]),
          ).flat();
          expect([...rig.floats(y, outer * total)]).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });
});
