import { expect, test } from 'vitest';
import { frequentMistakes, summedConfusion } from '../../src/reportPage/confusion.js';
import { studyOf } from '../support.js';

test('a confusion matrix is summed over seeds', () => {
  const { runs } = studyOf({ soft: [0.6, 0.8] }, 'soft').study;
  expect(summedConfusion(runs, 2)).toEqual([
    [700, 300],
    [300, 700],
  ]);
});

test('mistakes are ordered by their share of the true class', () => {
  const counts = [
    [90, 10, 0],
    [3, 5, 2],
    [0, 0, 0],
  ];
  expect(frequentMistakes(counts, 2)).toEqual([
    { label: 1, predicted: 0, share: 0.3 },
    { label: 1, predicted: 2, share: 0.2 },
  ]);
});
