import { expect, test } from 'vitest';
import { comparisonRows } from '../../src/report/comparison.js';
import { studyOf } from '../support.js';

test('rows keep the order of the settings, and have the median step and the highest peak of all epochs', () => {
  const { study, timing } = studyOf({ soft: [0.5, 0.6], max: [0.4, 0.5] });
  const epoch = (millisecondsPerStep: number, peakTensorBytes: number) => ({
    ...{ seconds: 1, millisecondsPerStep, peakTensorBytes },
  });
  const runs = [
    { pool: 'soft', seed: 0, epochs: [epoch(10, 7), epoch(0, 5)] },
    { pool: 'max', seed: 0, epochs: [epoch(1, 1)] },
    { pool: 'soft', seed: 1, epochs: [epoch(30, 3)] },
  ];
  const rows = comparisonRows({ study, timing: { ...timing, runs } });
  expect(rows.map(({ pool }) => pool)).toEqual(['soft', 'max']);
  expect(rows[0]).toMatchObject({ millisecondsPerStep: 20, peakTensorBytes: 7, parameters: 24346 });
});
