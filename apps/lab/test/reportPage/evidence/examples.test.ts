import { describe, expect, test } from 'vitest';
import { chooseExamples, mostFrequent, typicalSample } from '../../../src/reportPage/evidence/examples.js';
import { studyOf } from '../../support.js';

// Of 1,000 samples in two classes each run gets the first ones right: soft 600 and 800, max 700 and 700.
const { study } = studyOf({ soft: [0.6, 0.8], max: [0.7, 0.7] });

describe('examples', () => {
  const { hardest, divided, alwaysWrong } = chooseExamples(study, 3);

  test('the hardest are wrong in every run, the first of them first', () => {
    expect(alwaysWrong).toBe(200);
    expect(hardest.map(({ index }) => index)).toEqual([800, 801, 802]);
    const [first] = hardest;
    expect(first?.label).toBe(0);
    expect(first?.outcomes).toEqual([
      { pool: 'soft', runs: 2, right: 0, taken: 1 },
      { pool: 'max', runs: 2, right: 0, taken: 1 },
    ]);
  });

  test('half of the runs don’t divide two poolings', () => {
    expect(divided).toEqual([]);
  });

  test('poolings are divided where one is right in all runs and the other in none', () => {
    const { divided: found } = chooseExamples(studyOf({ soft: [0.6, 0.6], max: [0.7, 0.8] }).study, 2);
    expect(found.map(({ index }) => index)).toEqual([600, 601]);
    expect(found[0]?.outcomes.map(({ right }) => right)).toEqual([0, 2]);
  });

  test('without mistakes there are none', () => {
    expect(chooseExamples(studyOf({ soft: [1], max: [1] }).study, 3)).toEqual({
      hardest: [],
      divided: [],
      alwaysWrong: 0,
    });
  });

  test('a typical sample is one that all get right', () => {
    expect(typicalSample(study)).toBe(0);
  });
});

test.each([
  [[], undefined],
  [[3], 3],
  [[1, 2, 2], 2],
  [[5, 4, 5, 4], 4],
])('the most frequent of %j is %j', (values, wanted) => {
  expect(mostFrequent(values)).toBe(wanted);
});
