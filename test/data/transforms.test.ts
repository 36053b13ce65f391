import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  cutout,
  randomCrop,
  randomGain,
  randomHorizontalFlip,
  randomNoise,
  type Transform,
} from '../../src/data/index.js';
import { ArgumentError } from '../../src/errors.js';
import { Generator } from '../../src/tensor/generator.js';

/** Distinct positive values, so that every cell can be told apart and from the fill value 0. */
const counted = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, index) => index + 1);

function apply(transform: Transform, shape: readonly number[], seed: number): Float32Array {
  const batch = counted(shape);
  transform(batch, shape, new Generator(seed));
  return batch;
}

const geometries = fc.record({
  shape: fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 3, max: 7 }),
    fc.integer({ min: 3, max: 7 }),
  ),
  seed: fc.integer(),
});

describe('randomCrop', () => {
  test.prop([geometries, fc.nat(2)], { numRuns: 300 })(
    'k=3…7 is a shift by at most the padding, the same in all channels, with zeros from outside',
    ({ shape, seed }, padding) => {
      const before = counted(shape);
      const after = apply(randomCrop(padding), shape, seed);
      const [samples, channels, height, width] = shape;
      const at = (values: Float32Array, n: number, c: number, y: number, x: number): number =>
        y < 0 || x < 0 || y >= height || x >= width ? 0 : values[((n * channels + c) * height + y) * width + x]!;
      const isShift = (n: number, dy: number, dx: number): boolean => {
        for (let c = 0; c < channels; c++)
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++)
              if (at(after, n, c, y, x) !== at(before, n, c, y - dy, x - dx)) return false;
        return true;
      };
      const shifts = Array.from({ length: 2 * padding + 1 }, (_, index) => index - padding);
      for (let n = 0; n < samples; n++) {
        expect(shifts.some((dy) => shifts.some((dx) => isShift(n, dy, dx)))).toBe(true);
      }
    },
  );

  test('takes all (2p + 1)² places about equally often', () => {
    const seen = new Map<string, number>();
    const shape = [1800, 1, 5, 5];
    const batch = apply(randomCrop(1), shape, 3);
    for (let n = 0; n < 1800; n++) {
      const place = batch.subarray(n * 25, (n + 1) * 25).indexOf(n * 25 + 13);
      seen.set(String(place), (seen.get(String(place)) ?? 0) + 1);
    }
    expect(seen.size).toBe(9);
    for (const count of seen.values()) expect(Math.abs(count - 200)).toBeLessThan(70);
  });

  test('of a waveform [N, C, length] shifts along its length', () => {
    const after = apply(randomCrop(2), [1, 2, 5], 1);
    const shift = after.indexOf(3) - 2;
    expect(Math.abs(shift)).toBeLessThanOrEqual(2);
    expect(after[7 + shift]).toBe(8);
  });

  test('refuses a padding that could move the whole image out', () => {
    expect(() => apply(randomCrop(4), [1, 1, 4, 9], 1)).toThrow('padding 4 must be smaller than the 4×9 images');
    expect(() => randomCrop(-1)).toThrow(ArgumentError);
  });
});

describe('randomHorizontalFlip', () => {
  test.prop([geometries])('mirrors a whole sample or leaves it', ({ shape, seed }) => {
    const before = counted(shape);
    const after = apply(randomHorizontalFlip(), shape, seed);
    const [samples, channels, height, width] = shape;
    const rows = channels * height;
    for (let n = 0; n < samples; n++) {
      const flips = Array.from({ length: rows }, (_, row) => {
        const start = (n * rows + row) * width;
        const [from, to] = [before.slice(start, start + width), after.slice(start, start + width)];
        if (from.every((value, x) => value === to[x])) return false;
        expect(to).toEqual(from.reverse());
        return true;
      });
      expect(new Set(flips).size).toBe(1);
    }
  });

  test('p = 0 never, p = 1 always, and twice is nothing', () => {
    const shape = [3, 2, 2, 4];
    expect(apply(randomHorizontalFlip(0), shape, 1)).toEqual(counted(shape));
    const twice = counted(shape);
    for (let i = 0; i < 2; i++) randomHorizontalFlip(1)(twice, shape, new Generator(1));
    expect(twice).toEqual(counted(shape));
    expect(() => randomHorizontalFlip(1.5)).toThrow(ArgumentError);
  });
});

describe('cutout', () => {
  test.prop([geometries, fc.integer({ min: 1, max: 4 })])(
    'zeroes one clipped square, the same in all channels',
    ({ shape, seed }, size) => {
      const after = apply(cutout(size), shape, seed);
      const [samples, channels, height, width] = shape;
      for (let n = 0; n < samples; n++) {
        const holes = Array.from({ length: channels }, (_, c) => {
          const plane = after.subarray((n * channels + c) * height * width, (n * channels + c + 1) * height * width);
          const cells = Array.from(plane.keys()).filter((cell) => plane[cell] === 0);
          const rows = new Set(cells.map((cell) => Math.floor(cell / width)));
          const columns = new Set(cells.map((cell) => cell % width));
          expect(rows.size * columns.size).toBe(cells.length);
          expect(Math.max(...rows) - Math.min(...rows) + 1).toBe(rows.size);
          expect(Math.max(...columns) - Math.min(...columns) + 1).toBe(columns.size);
          expect(rows.size <= size && columns.size <= size && cells.length >= 1).toBe(true);
          return cells.join();
        });
        expect(new Set(holes).size).toBe(1);
      }
    },
  );

  test('of a clip [N, C, frames, height, width] is the same in every frame', () => {
    const after = apply(cutout(2), [1, 1, 3, 4, 4], 2);
    const holes = [0, 1, 2].map((frame) =>
      Array.from(after.subarray(16 * frame, 16 * frame + 16), (v) => v === 0).join(),
    );
    expect(new Set(holes).size).toBe(1);
  });

  test.each([0, -1, 1.5])('size %d is refused', (size) => {
    expect(() => cutout(size)).toThrow(ArgumentError);
  });
});

test('a batch without spatial axes is refused', () => {
  expect(() => apply(cutout(1), [2, 3], 1)).toThrow('cutout: needs a batch [N, C, ...spatial], got shape [2,3]');
});

describe('randomGain', () => {
  test.prop([geometries])('multiplies each sample by one factor within the bounds', ({ shape, seed }) => {
    const [before, after] = [counted(shape), apply(randomGain(0.5, 2), shape, seed)];
    const size = before.length / shape[0];
    for (let start = 0; start < before.length; start += size) {
      const gain = after[start]! / before[start]!;
      expect(gain).toBeGreaterThan(0.49999);
      expect(gain).toBeLessThan(2.00001);
      for (let i = start; i < start + size; i++) expect(after[i]! / before[i]!).toBeCloseTo(gain, 5);
    }
  });

  test('refuses bounds that are no range of factors', () => {
    for (const [low, high] of [
      [2, 1],
      [-1, 1],
      [0, Number.POSITIVE_INFINITY],
      [Number.NaN, 1],
    ] as const) {
      expect(() => randomGain(low, high)).toThrow(ArgumentError);
    }
  });
});

describe('randomNoise', () => {
  test('adds values of mean 0 and the deviation asked for', () => {
    const shape = [10, 1, 1000];
    const before = counted(shape).fill(1);
    randomNoise(0.5)(before, shape, new Generator(4));
    const mean = before.reduce((sum, value) => sum + value, 0) / before.length;
    const variance = before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / before.length;
    expect(mean).toBeCloseTo(1, 1);
    expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1);
  });

  test('refuses deviations that are none', () => {
    for (const std of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => randomNoise(std)).toThrow(ArgumentError);
  });
});
