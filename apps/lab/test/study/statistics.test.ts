import { describe, expect, test } from 'vitest';
import { estimate, holm, median, pairedP } from '../../src/study/statistics.js';

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

describe('pairedP', () => {
  // With two degrees of freedom, p = 1 − t / √(2 + t²).
  test('differences 1, 2, 3: t = 2√3 with two degrees of freedom gives p = 1 − √(6/7)', () => {
    expect(pairedP([1, 2, 3])).toBeCloseTo(1 - Math.sqrt(6 / 7), 8);
    expect(pairedP([-1, -2, -3])).toBe(pairedP([1, 2, 3]));
  });

  test('equal differences: p is 1 where they are 0, and 0 otherwise', () => {
    expect(pairedP([0, 0])).toBe(1);
    expect(pairedP([2, 2])).toBe(0);
  });

  test('none from fewer than two', () => {
    expect(pairedP([1])).toBeUndefined();
    expect(pairedP([])).toBeUndefined();
  });
});

describe('holm', () => {
  test('4, 2, 1 times the smallest ones, and never less than one before', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  test('one stays as it is; none is above 1', () => {
    expect(holm([0.04])).toEqual([0.04]);
    expect(holm([0.6, 0.9])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
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
