import { appendFile, cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Generator } from 'softgrad';
import { shapes } from 'softgrad/data';
import { saveCheckpoint } from 'softgrad/train';
import { expect, test } from 'vitest';
import { modelList } from '../../src/commands/models.js';
import { buildModel } from '../../src/study/buildRun.js';
import { RunFolder } from '../../src/study/runFolder.js';
import { originHere } from '../../src/study/runOrigin.js';
import { recipe } from '../../src/study/settings.js';
import { trainRun } from '../../src/study/trainRun.js';
import { readWeightsMetadata } from '../../src/study/weightsMetadata.js';
import { addToZoo, finishedRun } from '../../src/zoo/addToZoo.js';
import { modelCards, zooWeights } from '../../src/zoo/zoo.js';
import { settings, temporaryFolder } from '../support.js';

const data = { train: shapes({ split: 'train', count: 64 }), test: shapes({ split: 'test', count: 40 }) };

/** A folder with a finished run. */
async function trained(): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'run');
  await trainRun({ ...recipe.parse(settings), pool: 'soft', seed: 3 }, data, new RunFolder(folder));
  return folder;
}

test('a run’s weights and what its files say of it go into the zoo, and are found there by name', async () => {
  const [place, zoo] = [await trained(), await temporaryFolder()];
  const run = await finishedRun(place);
  const card = await addToZoo(run, data, zoo);
  expect(card).toMatchObject({ name: 'smallCnn-soft-shapes', settings: run.identity.settings, result: run.result });
  expect(card.data).toMatchObject({ name: 'shapes', trainImages: 64, testImages: 40 });
  expect(await modelCards(zoo)).toEqual([card]);
  const weights = await zooWeights('smallCnn-soft-shapes', zoo);
  expect(await readFile(weights!)).toEqual(await readFile(run.folder.weights));
  expect((await readWeightsMetadata(weights!))?.settings).toEqual(card.settings);
  expect(await zooWeights('smallCnn-max-shapes', zoo)).toBeUndefined();
  const line = modelList([card]).split('\n')[1];
  expect(line).toMatch(/^ {2}smallCnn-soft-shapes +shapes +\d+\.\d % +24,346 +0\.1 MB$/);
});

test('a zoo without networks says so', () => {
  expect(modelList([])).toBe('There are none in this version.\n');
});

test('nothing goes in unless the weights do what the run says, and are small', async () => {
  const [place, zoo] = [await trained(), await temporaryFolder()];
  const refusal = async (change: (run: RunFolder) => Promise<void>, own = data): Promise<string> => {
    const copy = path.join(await temporaryFolder(), 'copy');
    await cp(place, copy, { recursive: true });
    await change(new RunFolder(copy));
    return String(await addToZoo(await finishedRun(copy), own, zoo).catch((error: unknown) => error));
  };
  const others = { ...data, test: shapes({ split: 'test', count: 40, seed: 1 }) };
  expect(await refusal(async () => {}, others)).toMatch(/takes \d+ of 40 test images for something else/);
  const untrained = (run: RunFolder): Promise<void> =>
    saveCheckpoint(run.weights, buildModel(settings, 'soft', data, new Generator(9)));
  expect(await refusal(untrained)).toMatch(/takes \d\d of 40 test images for something else/);
  expect(await refusal(({ weights }) => appendFile(weights, Buffer.alloc(1_500_000)))).toMatch(/have less than 1.5 MB/);
  expect(await modelCards(zoo)).toEqual([]);
});

test('only a finished run can go in', async () => {
  await expect(finishedRun(await temporaryFolder())).rejects.toThrow(/holds no run/);
  const folder = new RunFolder(await temporaryFolder());
  await folder.claim({ ...recipe.parse(settings), pool: 'soft', seed: 3 }, originHere(data));
  await expect(finishedRun(folder.folder)).rejects.toThrow(/isn't finished/);
});
