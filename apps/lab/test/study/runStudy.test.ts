import { shapes } from 'softgrad/data';
import { expect, test } from 'vitest';
import { RunError, runStudy } from '../../src/study/runStudy.js';
import { type Study, study as studySchema } from '../../src/study/study.js';
import { settings } from '../support.js';

const data = { train: shapes({ split: 'train', count: 16 }), test: shapes({ split: 'test', count: 10 }) };
const pair = { ...settings, pools: ['soft', 'max'], seeds: [0, 1] };

test('a study is reported after every run, and is complete after the last', async () => {
  const states: Study[] = [];
  const study = await runStudy(pair, data, { onResult: (state) => void states.push(state) });
  expect(states.map(({ runs, complete }) => [runs.length, complete])).toEqual([
    [1, false],
    [2, false],
    [3, false],
    [4, true],
  ]);
  expect(states.at(-1)).toEqual(study);
  expect(studySchema.parse(JSON.parse(JSON.stringify(study)))).toEqual(study);
});

test('a study of one step per run can be read again', async () => {
  const study = await runStudy({ ...pair, batchSize: 64, seeds: [0] }, data);
  expect(studySchema.parse(JSON.parse(JSON.stringify(study)))).toEqual(study);
});

test('an interrupted study has the runs that were finished', async () => {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  const study = await runStudy(pair, data, {
    signal: controller.signal,
    onStep: ({ pool, seed }, { step }) => void (pool === 'max' && seed === 0 && step === 1 && interrupt()),
  });
  expect(study.runs.map(({ pool, seed }) => [pool, seed])).toEqual([['soft', 0]]);
  expect(study.complete).toBe(false);
});

test('a loss that is not finite names pooling, seed, step and layer; earlier runs have been reported', async () => {
  const finished: string[] = [];
  const failure = runStudy({ ...pair, lr: 1e30, schedule: 'constant', epochs: 2 }, data, {
    onResult: (_, { pool }) => void finished.push(pool),
  });
  await expect(failure).rejects.toThrow(RunError);
  await expect(failure).rejects.toThrow(/^soft, seed 0: .* at step \d.* (output|parameter|loss)/);
  expect(finished).toEqual([]);
});
