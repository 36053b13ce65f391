import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { checkDataset, computeNormalization, type Dataset, subset, take } from '../../src/data/index.js';
import { ArgumentError } from '../../src/errors.js';

/** Sample i is the pair (i, 100 + i), one value in each of two channels. */
const pairs = (labels: readonly number[]): Dataset => ({
  name: 'pairs',
  images: Float32Array.from({ length: 2 * labels.length }, (_, at) => Math.floor(at / 2) + 100 * (at % 2)),
  labels: Int32Array.from(labels),
  shape: [2, 1],
  classes: ['a', 'b', 'c'],
  length: labels.length,
});

const labelLists = fc.array(fc.nat(2), { minLength: 1, maxLength: 40 });

describe('subset', () => {
  test('has the samples in the given order, repeated ones too', () => {
    const part = subset(pairs([0, 1, 2]), [2, 0, 2]);
    expect(part).toMatchObject({ length: 3, labels: Int32Array.of(2, 0, 2) });
    expect(part.images).toEqual(Float32Array.of(2, 102, 0, 100, 2, 102));
    expect(checkDataset(part)).toBe(part);
  });

  test.each([3, -1, 0.5])('index %d is refused', (index) => {
    expect(() => subset(pairs([0, 1, 2]), [index])).toThrow(`subset: index ${index} is outside pairs's 0 … 2`);
  });
});

describe('take', () => {
  test.prop([labelLists, fc.nat(40)])('is the first samples', (labels, count) => {
    fc.pre(count <= labels.length);
    const part = take(pairs(labels), count);
    expect([...part.labels]).toEqual(labels.slice(0, count));
    expect(part.images).toEqual(pairs(labels).images.subarray(0, 2 * count));
  });

  test.prop([labelLists, fc.nat(40)])(
    'balanced, has class sizes that differ by one at most, in order',
    (labels, count) => {
      const smallest = Math.min(...[0, 1, 2].map((label) => labels.filter((value) => value === label).length));
      fc.pre(Math.ceil(count / 3) <= smallest);
      const part = take(pairs(labels), count, { balanced: true });
      const sizes = [0, 1, 2].map((label) => part.labels.filter((value) => value === label).length);
      expect(part.length).toBe(count);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      const order = Array.from(part.labels, (_, index) => part.images[2 * index]!);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    },
  );

  test('refuses more than there are, in all or of a class', () => {
    expect(() => take(pairs([0, 1]), 3)).toThrow('take: count is 3, but pairs has 2 samples');
    expect(() => take(pairs([0, 0, 0, 1, 2]), 5, { balanced: true })).toThrow(
      'take: pairs has 1 samples of class b too few for a balanced 5',
    );
  });
});

describe('checkDataset', () => {
  test.each<[string, Partial<Dataset>, RegExp]>([
    ['a label out of range', { labels: Int32Array.of(0, 3) }, /label 3 of sample 1 is outside 0 … 2/],
    ['too few labels', { labels: Int32Array.of(0) }, /1 labels for 2 samples/],
    ['too few values', { images: Float32Array.of(1, 2, 3) }, /3 values, but 2 samples of shape \[2,1\] have 4/],
    ['no shape', { shape: [] }, /shape is \[\]/],
  ])('%s is refused', (_, change, message) => {
    expect(() => checkDataset({ ...pairs([0, 1]), ...change })).toThrow(ArgumentError);
    expect(() => checkDataset({ ...pairs([0, 1]), ...change })).toThrow(message);
  });
});

describe('computeNormalization', () => {
  test('is the mean and deviation per channel', () => {
    const { mean, std } = computeNormalization(pairs([0, 1, 2]));
    expect(mean).toEqual([1, 101]);
    for (const deviation of std) expect(deviation).toBeCloseTo(Math.sqrt(2 / 3), 12);
  });

  test('is in units of 255 for bytes', () => {
    const bytes = { ...pairs([0, 1]), images: Uint8Array.of(0, 255, 255, 255) };
    expect(computeNormalization(bytes)).toEqual({ mean: [0.5, 1], std: [0.5, 0] });
  });

  test('keeps its precision far from 0', () => {
    const far = { ...pairs([0, 1]), images: Float32Array.of(1e6, 1e6, 1e6 + 1, 1e6 + 1) };
    expect(computeNormalization(far)).toEqual({ mean: [1e6 + 0.5, 1e6 + 0.5], std: [0.5, 0.5] });
  });
});
