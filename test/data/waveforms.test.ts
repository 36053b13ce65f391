import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { computeNormalization, WAVEFORMS_NORMALIZATION, waveforms } from '../../src/data/index.js';
import { portableCosine, portableSine } from '../../src/data/portableSine.js';
import { ArgumentError } from '../../src/errors.js';
import { nearestCentroid } from './nearestCentroid.js';

const LENGTH = 512;

/** The waveforms of a split, one array each. */
function samples(split: 'train' | 'test', count: number): Float32Array[] {
  const images = Float32Array.from(waveforms({ split, count }).images);
  return Array.from({ length: count }, (_, i) => images.subarray(i * LENGTH, (i + 1) * LENGTH));
}

const moment = (wave: Float32Array, power: number): number =>
  wave.reduce((sum, value) => sum + value ** power, 0) / wave.length;

/** How loud each part is, and how alike neighbours at several distances are there: envelope and spectrum, roughly. */
function envelopeAndSpectrum(wave: Float32Array): number[] {
  return Array.from({ length: 8 }, (_, part) => part * (LENGTH / 8)).flatMap((start) =>
    [0, 1, 2, 4, 8].map((lag) => {
      let sum = 0;
      for (let i = start; i < start + LENGTH / 8 - lag; i++) sum += wave[i]! * wave[i + lag]!;
      return sum;
    }),
  );
}

describe('waveforms', () => {
  test.prop([fc.integer(), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 64, max: 300 })], { numRuns: 20 })(
    'repeats for a seed, and fewer are a prefix of more',
    (seed, count, length) => {
      const few = waveforms({ split: 'train', length, seed, count });
      const more = waveforms({ split: 'train', length, seed, count: count + 5 });
      expect(more.images.subarray(0, few.images.length)).toEqual(few.images);
      expect(more.labels.subarray(0, count)).toEqual(few.labels);
    },
  );

  test('never changes: a checksum of ten waveforms', () => {
    const bits = new Int32Array(Float32Array.from(waveforms({ split: 'train', count: 10 }).images).buffer);
    expect(bits.reduce((hash, value) => (Math.imul(hash, 31) + value) | 0, 0)).toBe(-181360922);
  });

  test('has ten classes in equal numbers, and other waveforms for another seed or split', () => {
    const train = waveforms({ split: 'train', count: 100 });
    expect(train.shape).toEqual([1, 512]);
    expect(train.classes).toHaveLength(10);
    for (let label = 0; label < 10; label++) expect(train.labels.filter((value) => value === label)).toHaveLength(10);
    expect(waveforms({ split: 'test', count: 100 }).images).not.toEqual(train.images);
    expect(waveforms({ split: 'train', count: 100, seed: 1 }).images).not.toEqual(train.images);
  });

  test('lies between −1 and 1, each with the mean and the deviation of its normalisation, near enough', () => {
    for (const wave of samples('train', 200)) {
      expect(wave.every((value) => Math.abs(value) <= 1)).toBe(true);
      expect(Math.abs(moment(wave, 1))).toBeLessThan(0.01);
      expect(Math.abs(Math.sqrt(moment(wave, 2)) - WAVEFORMS_NORMALIZATION.std[0])).toBeLessThan(0.01);
    }
    const { mean, std } = computeNormalization(waveforms({ split: 'train', count: 1000 }));
    expect(mean[0]).toBeCloseTo(WAVEFORMS_NORMALIZATION.mean[0], 3);
    expect(std[0]).toBeCloseTo(WAVEFORMS_NORMALIZATION.std[0], 3);
  });

  test('envelope and spectrum tell the class; single samples, whose phase is random, do not', () => {
    const [train, held] = [samples('train', 1000), samples('test', 500)];
    const accuracy = (features: (wave: Float32Array) => ArrayLike<number>): number =>
      nearestCentroid({ train: train.map(features), held: held.map(features), classes: 10 });
    // With 500 waveforms and ten classes guessing has a standard deviation of 1.3 points.
    expect(accuracy((wave) => wave)).toBeLessThan(0.16);
    expect(accuracy(envelopeAndSpectrum)).toBeGreaterThan(0.3);
  });

  test.each<[string, Partial<Parameters<typeof waveforms>[0]>]>([
    ['length 63', { length: 63 }],
    ['length 100.5', { length: 100.5 }],
    ['count 0', { count: 0 }],
    ['count 1e9', { count: 1e9 }],
    ['an unknown split', { split: JSON.parse('"valid"') }],
  ])('%s is refused', (_, options) => {
    expect(() => waveforms({ split: 'train', ...options })).toThrow(ArgumentError);
  });
});

describe('the portable sine', () => {
  test.prop([fc.double({ min: -1e3, max: 1e3, noNaN: true })])('is that of the engine, within 1e-7', (turns) => {
    const rest = 2 * Math.PI * (turns - Math.floor(turns));
    expect(Math.abs(portableSine(turns) - Math.sin(rest))).toBeLessThan(1e-7);
    expect(Math.abs(portableCosine(turns) - Math.cos(rest))).toBeLessThan(1e-7);
  });
});
