import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type ProgressState, progressLine } from '../../src/report/progressLine.js';

const state: ProgressState = {
  ...{ pool: 'soft', seed: 2, seeds: 3, epoch: 4, epochs: 6, testing: false },
  ...{ imagesPerSecond: 1012.4, loss: 0.9131, accuracy: 0.671, secondsLeft: 72 },
};

function line(columns: number, changes: Partial<ProgressState> = {}, poolWidth = 4): string {
  return stripVTControlCharacters(progressLine({ ...state, ...changes }, 0.5, poolWidth, columns));
}

describe('progressLine', () => {
  test('with room for everything', () => {
    expect(line(120).trimEnd()).toBe(
      '  soft  seed 2/3  ████████████░░░░░░░░░░░░  epoch 4/6   1,012 img/s  loss 0.913  acc 67.1 %  1 min 12 s left',
    );
  });

  test('80 columns: everything but the loss', () => {
    expect(line(80).trimEnd()).toBe('  soft  seed 2/3  ███░░░  epoch 4/6   1,012 img/s  acc 67.1 %  1 min 12 s left');
  });

  test('a long name costs the accuracy, too; the time left is always there', () => {
    expect(line(80, { pool: 'soft-detached' }, 13)).toMatch(/soft-detached .*█+░+ .*img\/s {2}1 min 12 s left/);
    expect(line(40)).toMatch(/█+░+ {2}1 min 12 s left/);
  });

  test.each([60, 80, 100, 120, 200])('fits into %i columns, at one place whatever the numbers', (columns) => {
    const lines = [
      line(columns),
      line(columns, { imagesPerSecond: Number.NaN, loss: Number.NaN, accuracy: Number.NaN, secondsLeft: 1 }),
      line(columns, { loss: 12.3456, secondsLeft: 86_000, imagesPerSecond: 99_999, testing: true }),
    ];
    for (const text of lines) expect(text.length).toBeLessThan(columns);
    expect(new Set(lines.map((text) => text.indexOf('epoch'))).size).toBe(1);
  });

  test('says when a network is being tested', () => {
    expect(line(120, { testing: true })).toContain('epoch 4/6       testing  loss');
  });
});
