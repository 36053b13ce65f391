import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { computeNormalization, SHAPES_NORMALIZATION, shapes } from '../../src/data/index.js';
import { SHAPE_OUTLINES } from '../../src/data/shapeOutlines.js';
import { ArgumentError } from '../../src/errors.js';

describe('shapes', () => {
  test.prop([fc.integer(), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 8, max: 20 })], { numRuns: 20 })(
    'repeats for a seed, and fewer images are a prefix of more',
    (seed, count, size) => {
      const options = { split: 'train', size, seed } as const;
      const few = shapes({ ...options, count });
      const more = shapes({ ...options, count: count + 5 });
      expect(more.images.subarray(0, few.images.length)).toEqual(few.images);
      expect(more.labels.subarray(0, count)).toEqual(few.labels);
    },
  );

  test('never changes: a checksum of ten images', () => {
    const images = Uint8Array.from(shapes({ split: 'train', count: 10 }).images);
    expect(images.reduce((hash, value) => (Math.imul(hash, 31) + value) | 0, 0)).toBe(1396696476);
  });

  test('has ten classes in equal numbers, and other images for another seed or split', () => {
    const train = shapes({ split: 'train', count: 100 });
    expect(train.shape).toEqual([3, 32, 32]);
    expect(train.classes).toHaveLength(10);
    for (let label = 0; label < 10; label++) expect(train.labels.filter((value) => value === label)).toHaveLength(10);
    expect(shapes({ split: 'test', count: 100 }).images).not.toEqual(train.images);
    expect(shapes({ split: 'train', count: 100, seed: 1 }).images).not.toEqual(train.images);
  });

  test('the given normalisation is that of the default training images', () => {
    const { mean, std } = computeNormalization(shapes({ split: 'train' }));
    for (let channel = 0; channel < 3; channel++) {
      expect(mean[channel]).toBeCloseTo(SHAPES_NORMALIZATION.mean[channel]!, 3);
      expect(std[channel]).toBeCloseTo(SHAPES_NORMALIZATION.std[channel]!, 3);
    }
  });

  test('the mean colour of an image says next to nothing about its class', () => {
    const { images, labels, length } = shapes({ split: 'train' });
    const pixels = Uint8Array.from(images);
    const means = Array.from(
      { length },
      (_, index) => pixels.subarray(index * 3072, (index + 1) * 3072).reduce((a, b) => a + b, 0) / 3072,
    );
    const average = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const total = average(means);
    const spread = average(means.map((value) => (value - total) ** 2));
    const byClass = Array.from({ length: 10 }, (_, label) =>
      average(means.filter((_, index) => labels[index] === label)),
    );
    expect(average(byClass.map((value) => (value - total) ** 2)) / spread).toBeLessThan(0.05);
  });

  test.each<[string, Partial<Parameters<typeof shapes>[0]>]>([
    ['size 7', { size: 7 }],
    ['size 1025', { size: 1025 }],
    ['count 0', { count: 0 }],
    ['count 1e9', { count: 1e9 }],
    ['an unknown split', { split: JSON.parse('"valid"') }],
  ])('%s is refused', (_, options) => {
    expect(() => shapes({ split: 'train', ...options })).toThrow(ArgumentError);
  });
});

describe('outlines', () => {
  test.each(Object.entries(SHAPE_OUTLINES))(
    '%s lies within the unit disc and covers a fair part of it',
    (_, outline) => {
      let inside = 0;
      for (let y = -1.5; y <= 1.5; y += 0.05) {
        for (let x = -1.5; x <= 1.5; x += 0.05) {
          if (outline(x, y) > 0) continue;
          inside++;
          expect(x * x + y * y).toBeLessThan(1.13);
        }
      }
      expect((inside * 0.05 ** 2) / Math.PI).toBeGreaterThan(0.2);
      expect((inside * 0.05 ** 2) / Math.PI).toBeLessThan(0.75);
    },
  );

  test.prop([
    fc.constantFrom(...Object.values(SHAPE_OUTLINES)),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
  ])('change no faster than the distance', (outline, x, y) => {
    expect(Math.abs(outline(x + 1e-4, y) - outline(x, y))).toBeLessThanOrEqual(1.001e-4);
    expect(Math.abs(outline(x, y + 1e-4) - outline(x, y))).toBeLessThanOrEqual(1.001e-4);
  });
});
