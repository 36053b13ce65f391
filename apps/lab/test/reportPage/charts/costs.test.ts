import { expect, test } from 'vitest';
import { type Costly, differingCosts } from '../../../src/reportPage/charts/costs.js';

const rows = (...steps: readonly number[]): Costly[] =>
  steps.map((millisecondsPerStep, i) => ({
    millisecondsPerStep,
    peakTensorBytes: 13e6,
    parameters: i === 0 ? 100 : 200,
    multiplyAdds: 1e6 * (i + 1),
  }));

const drawn = (of: readonly Costly[]): string[] => differingCosts(of).map(({ title }) => title);

test('times are drawn even where their rounded texts agree; counts that most poolings share are not', () => {
  expect(drawn(rows(14.2, 13.8, 16.3))).toEqual(['Training step', 'Multiply-adds']);
});

test('nothing is drawn of a single pooling, nor a time that is not known', () => {
  expect(drawn(rows(14))).toEqual([]);
  expect(drawn(rows(Number.NaN, 14, 16))).toEqual(['Multiply-adds']);
});
