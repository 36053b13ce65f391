import { describe, expect, test } from 'vitest';
import { estimate, median, pairedDifference } from '../../src/study/statistics.js';

describe('estimate', () => {
  test('1, 2, 3: mean 2 and a half-width of t₀.₉₇₅(2) / √3', () => {
    const { mean, halfWidth, count } = estimate([1, 2, 3]);
    expect(mean).toBe(2);
    expect(halfWidth).toBeCloseTo(4.302653 / Math.sqrt(3), 5);
    expect(count).toBe(3);
  });

  // Quantiles of Student's t distribution from printed tables.
  test.each([
    [2, 12.706205],
    [3, 4.302653],
    [5, 2.776445],
    [11, 2.228139],
    [31, 2.042272],
  ])('%i values use the quantile %f', (count, quantile) => {
    const values = Array.from({ length: count }, (_, i) => i);
    const mean = (count - 1) / 2;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
    expect((estimate(values).halfWidth ?? 0) / (deviation / Math.sqrt(count))).toBeCloseTo(quantile, 5);
  });

  test('a single value has no interval', () => {
    expect(estimate([0.7])).toEqual({ mean: 0.7, halfWidth: undefined, count: 1 });
  });
});

describe('pairedDifference', () => {
  test('differences 1, 2, 3: t = 2√3 with two degrees of freedom gives p = 1 − √(6/7)', () => {
    const found = pairedDifference([11, 22, 33], [10, 20, 30]);
    expect(found).toMatchObject({ mean: 2, count: 3 });
    expect(found?.halfWidth).toBeCloseTo(4.302653 / Math.sqrt(3), 5);
    // With two degrees of freedom, p = 1 − t / √(2 + t²).
    expect(found?.p).toBeCloseTo(1 - Math.sqrt(6 / 7), 8);
  });

  test('changes its sign with the order', () => {
    const [a, b] = [
      [0.5, 0.7, 0.6],
      [0.4, 0.8, 0.3],
    ] as const;
    const [there, back] = [pairedDifference(a, b), pairedDifference(b, a)];
    expect(there?.mean).toBeCloseTo(0.1, 12);
    expect(back?.mean).toBe(-(there?.mean ?? 0));
    expect(back?.p).toBe(there?.p);
  });

  test('a pair with a missing side does not count', () => {
    expect(pairedDifference([1, undefined, 5], [0, 2, undefined])).toMatchObject({ mean: 1, count: 1, p: undefined });
    expect(pairedDifference([undefined], [1])).toBeUndefined();
  });

  test('equal differences: p is 1 where they are 0, and 0 otherwise', () => {
    expect(pairedDifference([1, 2], [1, 2])?.p).toBe(1);
    expect(pairedDifference([2, 3], [1, 2])?.p).toBe(0);
  });
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
  [[10, 9, 100], 10],
  [[], Number.NaN],
])('the median of %j is %f', (values, middle) => {
  expect(median(values)).toBe(middle);
});
