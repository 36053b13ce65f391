import { describe, expect, test } from 'vitest';
import { comparisonRows, verdict } from '../../src/report/comparison.js';
import { studyOf } from '../support.js';

function verdictOf(accuracies: Readonly<Record<string, readonly number[]>>): string {
  return verdict(comparisonRows(studyOf(accuracies)), 'max');
}

const max = [0.5, 0.6, 0.7];
const better = [0.601, 0.7, 0.799];
const alike = [0.51, 0.58, 0.71];

describe('verdict', () => {
  test('one seed', () => {
    expect(verdictOf({ soft: [0.9], max: [0.1] })).toMatch(/^One seed can’t tell .*--seeds 3/);
  });

  test('nothing to compare with', () => {
    expect(verdictOf({ max })).toBe('There is nothing to compare with max.');
  });

  test('one that differs', () => {
    expect(verdictOf({ soft: better, max })).toBe('soft differs from max (p < .05).');
  });

  test('one that can’t be told apart', () => {
    expect(verdictOf({ soft: alike, max })).toBe('soft can’t be told from max with 3 seeds.');
  });

  test('two that differ', () => {
    expect(verdictOf({ soft: better, max, avg: better })).toBe('soft and avg differ from max (p < .05).');
  });

  test('one of each', () => {
    expect(verdictOf({ soft: alike, max, avg: better })).toBe(
      'avg differs from max (p < .05); soft can’t be told from max with 3 seeds.',
    );
  });
});

describe('comparisonRows', () => {
  test('keep the order of the settings; only the baseline has no difference', () => {
    const rows = comparisonRows(studyOf({ soft: better, max, avg: alike }));
    expect(rows.map(({ pool }) => pool)).toEqual(['soft', 'max', 'avg']);
    expect(rows.map(({ difference }) => difference?.count)).toEqual([3, undefined, 3]);
  });

  test('compare seeds that both poolings have', () => {
    const [soft] = comparisonRows(studyOf({ soft: better, max: max.slice(0, 2) }));
    expect(soft?.accuracy.count).toBe(3);
    expect(soft?.difference?.count).toBe(2);
    expect(soft?.difference?.mean).toBeCloseTo(0.1005, 10);
  });

  test('leave out a pooling without a run', () => {
    expect(comparisonRows(studyOf({ max, soft: [] })).map(({ pool }) => pool)).toEqual(['max']);
  });
});
