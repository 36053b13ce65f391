import { describe, expect, test } from 'vitest';
import type { RaceReport } from '../../src/race/protocol.js';
import { emptyHistory, poolCurves, runningMean, withReport } from '../../src/race/raceHistory.js';

const lanes = [
  { pool: 'max', seed: 1 },
  { pool: 'max', seed: 2 },
  { pool: 'soft', seed: 1 },
];

const reports: RaceReport[] = [
  { kind: 'ready', backend: 'wasm', lanes, parameters: 10, images: 20 },
  { kind: 'round', step: 1, losses: [3, 1, 2], betas: [null, null, 1], imagesPerSecond: 100 },
  { kind: 'round', step: 2, losses: [2, 0, 1], betas: [null, null, 2], imagesPerSecond: 200 },
  { kind: 'tested', step: 2, accuracies: [0.5, 0.7, 0.6] },
];

describe('the history of a race', () => {
  const history = reports.reduce(withReport, emptyHistory);

  test('gathers curves by network', () => {
    expect(history.losses).toEqual([
      [3, 2],
      [1, 0],
      [2, 1],
    ]);
    expect(history.betas[2]).toEqual([1, 2]);
    expect(history).toMatchObject({ status: 'ready', step: 2, testSteps: [2], imagesPerSecond: 110 });
  });

  test('has a band from the lowest to the highest seed of a pooling', () => {
    expect(poolCurves(lanes, history.losses)).toEqual([
      { pool: 'max', mean: [2, 1], low: [1, 0], high: [3, 2] },
      { pool: 'soft', mean: [2, 1], low: [2, 1], high: [2, 1] },
    ]);
  });

  test('keeps what it has when the race ends or fails', () => {
    expect(withReport(history, { kind: 'finished' })).toEqual({ ...history, status: 'finished' });
    const failed = withReport(history, { kind: 'failed', message: 'no GPU' });
    expect(failed).toEqual({ ...history, status: 'failed', failure: 'no GPU' });
  });
});

test('a running mean averages what there is until its span is full', () => {
  expect(runningMean([4, 2, 0, 6], 2)).toEqual([4, 3, 1, 3]);
});
