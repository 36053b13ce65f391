import { describe, expect, test } from 'vitest';
import { alternate, timesOf } from '../bench/alternate.js';
import { median, medianRatio } from '../bench/statistics.js';
import { formatNumber, type Goal, renderTable, verdict } from '../bench/verdict.js';

const faster: Goal = { direction: 'atLeast', required: 75, aim: 92, unit: '%' };
const smaller: Goal = { direction: 'atMost', required: 100, aim: 60, unit: 'KB' };

describe('median', () => {
  test('takes the middle of an odd number of values, in any order', () => expect(median([9, 1, 5])).toBe(5));
  test('takes the mean of the middle two of an even number', () => expect(median([4, 1, 2, 100])).toBe(3));
  test('orders by value, not by digits', () => expect(median([10, 9, 100])).toBe(10));
  test('leaves its argument alone', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
  test('refuses no values', () => expect(() => median([])).toThrow('median: no values'));
});

describe('medianRatio', () => {
  test('compares within each round, so that drift cancels', () => {
    expect(medianRatio([2, 20, 200], [1, 10, 100])).toBe(2);
  });
  test('refuses different numbers of rounds', () => {
    expect(() => medianRatio([1], [1, 2])).toThrow('medianRatio: 1 rounds against 2');
  });
});

describe('verdict', () => {
  test.each([
    [faster, 92, 'aim'],
    [faster, 75, 'required'],
    [faster, 74.9, 'missed'],
    [faster, Number.NaN, 'missed'],
    [smaller, 60, 'aim'],
    [smaller, 100, 'required'],
    [smaller, 101, 'missed'],
  ] as const)('%o with %d: %s', (goal, measured, expected) => {
    expect(verdict({ what: '', goal, measured, unit: goal.unit })).toBe(expected);
  });
  test('is empty where nothing is required', () => expect(verdict({ what: '', measured: 1, unit: 'ms' })).toBe(''));
});

describe('renderTable', () => {
  test('aligns columns and leaves limits out where there are none', () => {
    const table = renderTable([
      { what: 'GEMM', goal: faster, measured: 80.123, unit: '%' },
      { what: 'step', measured: 401.4, unit: 'ms' },
    ]);
    expect(table.split('\n')).toEqual([
      '| what | required | aim    | measured | reached  |',
      '|------|----------|--------|----------|----------|',
      '| GEMM | ≥ 75 %   | ≥ 92 % | 80.1 %   | required |',
      '| step |          |        | 401 ms   |          |',
    ]);
  });
  test.each([
    [123.4, '123'],
    [12.34, '12.3'],
    [1.234, '1.23'],
    [Number.NaN, 'NaN'],
  ])('writes %d as %s', (value, expected) => expect(formatNumber(value)).toBe(expected));
});

describe('alternate', () => {
  test('takes one sample per round of every task', () => {
    const times = alternate({ a: () => {}, b: () => {} }, { rounds: 3, sampleMs: 0 });
    expect([timesOf(times, 'a').length, timesOf(times, 'b').length]).toEqual([3, 3]);
    expect(() => timesOf(times, 'c')).toThrow("no task 'c' was timed");
  });
});
