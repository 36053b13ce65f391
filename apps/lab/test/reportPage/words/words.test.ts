import { expect, test } from 'vitest';
import { headlineOf } from '../../../src/reportPage/words/headline.js';
import { limitsOf } from '../../../src/reportPage/words/limits.js';
import { settings, studyOf } from '../../support.js';

const pools = ['max', 'soft', 'avg', 'sum', 'lp', 'pow', 'gem', 's3'];

/** Eight poolings, each better than max by so many points, almost the same in every seed. */
function many(gains: readonly number[]) {
  const accuracies = pools.map((pool, i): [string, number[]] => {
    const gain = (gains[i] ?? 0) / 100;
    return [pool, [0.6, 0.65, 0.7].map((base, seed) => base + gain + (i > 0 ? seed / 1000 : 0))];
  });
  return studyOf(Object.fromEntries(accuracies)).study;
}

test('few poolings are named', () => {
  const { study } = studyOf({ soft: [0.61, 0.72, 0.83], max: [0.6, 0.7, 0.8] });
  expect(headlineOf(study)).toBe(study.conclusion);
});

test('many poolings are counted', () => {
  expect(headlineOf(many([0, 20, 20, -20, -20, -20, 0, 0]))).toBe(
    'Of 7 poolings compared with max, 2 are better, 3 are worse, and 2 can’t be told from it with 3 seeds.',
  );
  expect(headlineOf(many([0, 20, 20, 20, 20, 20, 20, 20]))).toBe('Of 7 poolings compared with max, 7 are better.');
});

test('limits follow from the study’s own numbers', () => {
  const { study } = studyOf({ soft: [0.61, 0.72, 0.83], max: [0.6, 0.7, 0.8] });
  const [low, high] = [study.comparisons[0]!.difference!.test!.low, study.comparisons[0]!.difference!.test!.high];
  const limits = limitsOf(study).join('\n');
  expect(limits).toContain(`a typical interval reaches ${(50 * (high - low)).toFixed(1)} points to each side`);
  // 1.96 √(0.71 · 0.29 / 1000) = 0.0281
  expect(limits).toContain('uncertain by about ±2.8 points');
  expect(limits).toContain(`1 epoch at a learning rate of ${settings.lr}`);
});

test('seeds are counted where they were compared', () => {
  const { study } = studyOf({ soft: [0.61, 0.72, 0.83], max: [0.6, 0.7, undefined], avg: [0.6, undefined, undefined] });
  expect(limitsOf(study).join('\n')).toContain('With 2 seeds only large differences can be seen');
  const more = studyOf({ soft: [0.61, 0.72, 0.83], max: [0.6, 0.7, 0.8], avg: [0.6, 0.7, undefined] });
  expect(limitsOf(more.study).join('\n')).toContain('With 2 to 3 seeds only large differences');
});

test('poolings without a test are counted apart', () => {
  const study = many([0, 20, 20, 20, 20, 20, 20, 20]);
  const { comparisons } = studyOf({ blur: [0.5], max: [0.6] }).study;
  const all = [...study.comparisons, ...comparisons.filter(({ pool }) => pool === 'blur')];
  expect(headlineOf({ ...study, comparisons: all })).toBe(
    'Of 7 poolings compared with max, 7 are better. 1 is not tested, with too few seeds in common.',
  );
});

test('a study that isn’t finished says so first', () => {
  expect(limitsOf(studyOf({ soft: [0.5, undefined], max: [0.6, 0.7] }).study)[0]).toContain('3 of 4 runs are done');
});
