import { readdir, readFile } from 'node:fs/promises';
import { shapes } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { describe, expect, test } from 'vitest';
import { RunFolder } from '../../src/study/runFolder.js';
import { originHere } from '../../src/study/runOrigin.js';
import { planRuns } from '../../src/study/runPlan.js';
import { decodePredictions } from '../../src/study/runResult.js';
import { type RunSettings, recipe } from '../../src/study/settings.js';
import { trainRun } from '../../src/study/trainRun.js';
import { readWeightsMetadata } from '../../src/study/weightsMetadata.js';
import { settings, temporaryFolder } from '../support.js';

const data = { train: shapes({ split: 'train', count: 24 }), test: shapes({ split: 'test', count: 16 }) };
const plan: RunSettings = { ...recipe.parse(settings), epochs: 2, pool: 'soft', seed: 5 };

const newFolder = async (): Promise<RunFolder> => new RunFolder(await temporaryFolder());

describe('a run', () => {
  test('leaves result, times and weights, and no checkpoint', async () => {
    const folder = await newFolder();
    const result = await trainRun(plan, data, folder);
    expect(await folder.result()).toEqual(result);
    expect((await readdir(folder.folder)).sort()).toEqual([
      'result.json',
      'settings.json',
      'timing.json',
      'weights.safetensors',
    ]);
    expect(result?.parameters).toBe(nn.countParameters(nn.models.smallCnn()));
    const { epochs } = await folder.timing();
    expect(epochs).toHaveLength(2);
    for (const { seconds, millisecondsPerStep, peakTensorBytes } of epochs) {
      for (const value of [seconds, millisecondsPerStep, peakTensorBytes]) expect(value).toBeGreaterThan(0);
    }
    expect((await readWeightsMetadata(folder.weights))?.settings).toEqual(plan);
  });

  test('tells its predictions, from which accuracy, confusion and class accuracies follow', async () => {
    const result = await trainRun(plan, data, await newFolder());
    const predictions = decodePredictions(result?.test.predictions ?? '');
    const correct = [...predictions].filter((predicted, i) => predicted === data.test.labels[i]).length;
    expect(result?.test.accuracy).toBe(correct / 16);
    expect(result?.epochs.at(-1)?.testAccuracy).toBe(correct / 16);
    const confusion = data.test.classes.map(() => data.test.classes.map(() => 0));
    for (const [i, predicted] of predictions.entries()) confusion[data.test.labels[i]!]![predicted]! += 1;
    expect(result?.test.confusion).toEqual(confusion);
    const total = (row: readonly number[]): number => row.reduce((sum, count) => sum + count, 0);
    const shares = confusion.map((row, label) => (total(row) === 0 ? null : row[label]! / total(row)));
    expect(result?.test.classAccuracy).toEqual(shares);
  });
});

describe('a run that was begun', () => {
  // Random numbers of its own, learned parameters of its own, and neither.
  test.each(['stochastic', 'ada', 'soft'])(
    'in pieces equals one in one piece, result and weights: %s',
    async (pool) => {
      const settingsOfRun = { ...plan, pool };
      const [whole, pieces] = [await newFolder(), await newFolder()];
      const expected = await trainRun(settingsOfRun, data, whole);
      for (const stop of [1, 3, 5]) {
        const controller = new AbortController();
        const onStep = ({ step }: { step: number }): void => void (step + 1 === stop && controller.abort());
        expect(await trainRun(settingsOfRun, data, pieces, { onStep, signal: controller.signal })).toBeUndefined();
      }
      expect(await trainRun(settingsOfRun, data, pieces)).toEqual(expected);
      expect((await readFile(pieces.weights)).equals(await readFile(whole.weights))).toBe(true);
      expect((await pieces.timing()).epochs).toHaveLength(2);
    },
  );

  test('and finished is not repeated', async () => {
    const folder = await newFolder();
    const result = await trainRun(plan, data, folder);
    const onStep = (): never => {
      throw new Error('a step');
    };
    expect(await trainRun(plan, data, folder, { onStep })).toEqual(result);
  });

  test('is not continued as another, but refused by what differs', async () => {
    const folder = await newFolder();
    await trainRun(plan, data, folder);
    await expect(trainRun({ ...plan, lr: 0.3 }, data, folder)).rejects.toThrow(
      /holds a run with other settings \(lr 0.1 there, 0.3 here\); choose another --out/,
    );
    const here = originHere(data);
    await expect(folder.claim(plan, { ...here, arithmetic: 'abacus' })).rejects.toThrow(
      /was begun with wasm.*abacus would round otherwise/,
    );
    await expect(folder.claim(plan, { ...here, softgrad: '99.0.0' })).rejects.toThrow(
      /was begun by softgrad \d+\.\d+\.\d+, and this one, 99\.0\.0, may compute otherwise/,
    );
  });

  test('is not continued on other data', async () => {
    const folder = await newFolder();
    await trainRun(plan, data, folder);
    const other = { ...data, test: shapes({ split: 'test', count: data.test.length, seed: 'other' }) };
    await expect(trainRun(plan, other, folder)).rejects.toThrow(
      /was begun on other data \(SHA-256 [0-9a-f]{12}… there, [0-9a-f]{12}… here\); choose --data-dir as before/,
    );
  });
});

test('runs go seed by seed', () => {
  expect(planRuns({ pools: ['soft', 'max'], seeds: [4, 7] }).map(({ pool, seed }) => `${pool} ${seed}`)).toEqual([
    'soft 4',
    'max 4',
    'soft 7',
    'max 7',
  ]);
});
