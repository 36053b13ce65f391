import { fc, test as property } from '@fast-check/vitest';
import { Generator } from 'softgrad';
import { describe, expect, test } from 'vitest';
import { bootstrapIntervals } from '../../src/study/bootstrap.js';

const IMAGES = 500;

/** Outcomes of some seeds: each image differs in a pair with probability `spread`, for or against with equal probability, and
 * more of them for, by `advantage`. */
function outcomes(generator: Generator, seeds: number, spread: number, advantage: number): Int8Array[] {
  return Array.from({ length: seeds }, () =>
    Int8Array.from({ length: IMAGES }, () => {
      const u = generator.uniform();
      if (u < spread / 2 + advantage / 2) return 1;
      return u < spread ? -1 : 0;
    }),
  );
}

const mean = (seeds: readonly Int8Array[]): number =>
  seeds.reduce((sum, seed) => sum + seed.reduce((a, b) => a + b, 0), 0) / (seeds.length * IMAGES);

describe('bootstrapIntervals', () => {
  property.prop([fc.nat(), fc.integer({ min: 2, max: 5 })], { numRuns: 5 })('hold the mean', (seed, count) => {
    const seeds = outcomes(new Generator(seed), count, 0.3, 0.1);
    const [interval] = bootstrapIntervals([{ name: 'a', seeds }], IMAGES);
    expect(interval?.low).toBeLessThanOrEqual(mean(seeds));
    expect(interval?.high).toBeGreaterThanOrEqual(mean(seeds));
  });

  test('repeat, and don’t depend on the other pairs', () => {
    const [a, b] = [3, 4].map((seed) => ({ name: `${seed}`, seeds: outcomes(new Generator(seed), 3, 0.2, 0) }));
    const [alone] = bootstrapIntervals([a!], IMAGES);
    expect(bootstrapIntervals([b!, a!], IMAGES)[1]).toEqual(alone);
  });

  test('change sign with the pair', () => {
    const seeds = outcomes(new Generator(1), 3, 0.3, 0.05);
    const negated = seeds.map((seed) => seed.map((outcome) => -outcome));
    const [there, back] = bootstrapIntervals(
      [seeds, negated].map((side) => ({ name: 'same', seeds: side })),
      IMAGES,
    );
    expect([back?.high, back?.low].map((value) => -(value ?? 0))).toEqual([there?.low, there?.high]);
  });
});

describe('the width of bootstrapIntervals', () => {
  // t₀.₉₇₅(2)/z₀.₉₇₅ = 4.302653/1.959964: of three seeds two are drawn, in the extreme twice the same.
  test('reaches beyond the differences of three seeds that contradict each other', () => {
    const seeds = [1, 0, -1].map((outcome) => new Int8Array(IMAGES).fill(outcome));
    const [interval] = bootstrapIntervals([{ name: 'a', seeds }], IMAGES);
    expect(interval?.low).toBeCloseTo(-4.302653 / 1.959964, 5);
    expect(interval?.high).toBeCloseTo(4.302653 / 1.959964, 5);
  });

  // t₀.₉₇₅(1) = 12.7062, and a standard error of 1: of two seeds one is drawn.
  test('is that of Student’s t for two seeds', () => {
    const seeds = [1, -1].map((outcome) => new Int8Array(IMAGES).fill(outcome));
    const [interval] = bootstrapIntervals([{ name: 'a', seeds }], IMAGES);
    expect(interval?.low).toBeCloseTo(-12.7062, 4);
    expect(interval?.high).toBeCloseTo(12.7062, 4);
  });

  test('is 0 for equal predictions, and one seed has none', () => {
    const nothing = new Int8Array(IMAGES);
    expect(bootstrapIntervals([{ name: 'a', seeds: [nothing, nothing] }], IMAGES)).toEqual([{ low: 0, high: 0 }]);
    expect(bootstrapIntervals([{ name: 'a', seeds: [nothing] }], IMAGES)).toEqual([undefined]);
  });

  test('is that of the normal approximation where only the images vary', () => {
    const seed = outcomes(new Generator(5), 1, 0.2, 0)[0]!;
    const [interval] = bootstrapIntervals([{ name: 'a', seeds: [seed, seed, seed] }], IMAGES);
    const deviation = Math.sqrt((0.2 - mean([seed]) ** 2) / IMAGES);
    const width = (interval?.high ?? 0) - (interval?.low ?? 0);
    expect(width / (2 * 1.96 * deviation)).toBeGreaterThan(0.85);
    expect(width / (2 * 1.96 * deviation)).toBeLessThan(1.15);
  });
});

// A study that decides 40 times between poolings that don't differ at all is wrong about twice.
test.each([2, 3, 6])('an interval over %i seeds of no difference leaves out 0 in few cases', (count) => {
  const random = new Generator(`coverage ${count}`);
  const pairs = Array.from({ length: 120 }, (_, i) => {
    const luck = Array.from({ length: count }, () => 0.03 * random.normal());
    const seeds = luck.map((advantage) => outcomes(random, 1, 0.2, advantage)[0]!);
    return { name: `${i}`, seeds };
  });
  const wrong = bootstrapIntervals(pairs, IMAGES).filter(
    (interval) => interval && (interval.low > 0 || interval.high < 0),
  );
  expect(wrong.length / pairs.length).toBeLessThan(0.1);
});
