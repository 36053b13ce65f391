import { describe, expect, test } from 'vitest';
import { studyOf } from '../support.js';

type Accuracies = Parameters<typeof studyOf>[0];

const conclusionOf = (accuracies: Accuracies): string => studyOf(accuracies).study.conclusion;
const comparisonsOf = (accuracies: Accuracies) => studyOf(accuracies).study.comparisons;

const max = [0.5, 0.6, 0.7];
const better = [0.601, 0.7, 0.799];
const worse = [0.401, 0.5, 0.599];
const alike = [0.51, 0.58, 0.71];

describe('the conclusion', () => {
  test.each([
    ['one seed', { soft: [0.9], max: [0.1] }, /^One seed can’t tell .*--seeds 3/],
    ['nothing to compare with', { max }, /^There is nothing to compare with max\.$/],
    ['one that is better', { soft: better, max }, /^soft is better than max\.$/],
    ['one that can’t be told apart', { soft: alike, max }, /^soft can’t be told from max with 3 seeds\.$/],
    ['two that are better', { soft: better, max, avg: better }, /^soft and avg are better than max\.$/],
    [
      'one of each',
      { soft: alike, max, avg: better, sum: worse },
      /^avg is better than max; sum is worse than max; soft can’t be told from max with 3 seeds\.$/,
    ],
    [
      'the fewest seeds of those that can’t be told apart, and who has too few for a test',
      { sum: alike, max, avg: alike.slice(0, 2), gem: worse.slice(0, 1), lp: [] },
      /^sum and avg can’t be told from max with 2 seeds; gem is not tested, with too few seeds in common\.$/,
    ],
  ])('%s', (_, accuracies, expected) => {
    expect(conclusionOf(accuracies)).toMatch(expected);
  });

  test('the same difference in both of two seeds, by two images of a thousand, is no proof', () => {
    const [soft] = comparisonsOf({ soft: [0.502, 0.602], max: [0.5, 0.6] });
    expect(soft?.difference?.test).toMatchObject({ p: 0, distinguishable: false });
    expect(soft?.difference?.test?.low).toBe(0);
  });
});

describe('comparisons', () => {
  test('keep the order of the settings; only the baseline has no difference', () => {
    const found = comparisonsOf({ soft: better, max, avg: alike });
    expect(found.map(({ pool }) => pool)).toEqual(['soft', 'max', 'avg']);
    expect(found.map(({ difference }) => difference?.seeds)).toEqual([3, undefined, 3]);
  });

  test('compare seeds that both poolings have', () => {
    const [soft] = comparisonsOf({ soft: better, max: max.slice(0, 2) });
    expect(soft?.runs).toBe(3);
    expect(soft?.difference).toMatchObject({ seeds: 2, mean: 0.1005 });
  });

  test('leave out a pooling without a run', () => {
    expect(comparisonsOf({ max, soft: [] }).map(({ pool }) => pool)).toEqual(['max']);
  });

  test('correct p by Holm: more poolings, larger p; intervals stay', () => {
    const [alone] = comparisonsOf({ soft: better, max });
    const [among] = comparisonsOf({ soft: better, max, avg: alike, sum: alike });
    expect(among?.difference?.test?.p).toBe(alone?.difference?.test?.p);
    expect(among?.difference?.test?.pHolm).toBeCloseTo(3 * (alone?.difference?.test?.p ?? 0), 9);
    expect(among?.difference?.test?.low).toBe(alone?.difference?.test?.low);
    expect(among?.difference?.test?.high).toBe(alone?.difference?.test?.high);
  });

  test('one seed: a difference, but no test of it, and no interval', () => {
    const [soft] = comparisonsOf({ soft: [0.613], max: [0.6] });
    expect(soft).toMatchObject({ accuracy: { mean: 0.613, halfWidth: null }, difference: { seeds: 1, test: null } });
  });
});
