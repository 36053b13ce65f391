/**
 * @file The trained networks that come with the lab are what their cards say.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { backendInfo, setBackend } from 'softgrad';
import { DataLoader, type Dataset } from 'softgrad/data';
import { evaluate, loadCheckpoint } from 'softgrad/train';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildModel } from '../../src/study/buildRun.js';
import { datasetChecksum } from '../../src/study/dataChecksum.js';
import { decodePredictions } from '../../src/study/runResult.js';
import { weightsFile } from '../../src/study/weightsFile.js';
import { readWeightsMetadata } from '../../src/study/weightsMetadata.js';
import { type ModelCard, modelName } from '../../src/zoo/modelCard.js';
import { MOST_WEIGHTS_BYTES, modelCards, ZOO_FOLDER, zooFiles } from '../../src/zoo/zoo.js';
import { hasSharedCifar10, sharedCifar10, sharedCifar10Note } from './sharedCifar10.js';

const isSlow = process.env.SOFTGRAD_SLOW_TESTS === '1';
const SLICE = 64;
/** Of `SLICE`: another instruction set rounds otherwise, and an image may lie on the border of two classes. */
const MOST_OTHERS = 1;

const cards = await modelCards();

test('every file of the zoo belongs to a card', () => {
  const files = readdirSync(ZOO_FOLDER).filter((name) => name !== 'README.md');
  expect(files.sort()).toEqual(cards.flatMap(({ name }) => [`${name}.json`, `${name}.safetensors`]).sort());
});

describe.each(cards)('$name', (card) => {
  const { weights } = zooFiles(ZOO_FOLDER, card.name);

  test('is small, and its card is of these weights and complete', async () => {
    const bytes = readFileSync(weights);
    expect(bytes.length).toBeLessThan(MOST_WEIGHTS_BYTES);
    expect(card.weights).toEqual({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(card.name).toBe(modelName(card.settings));
    expect((await readWeightsMetadata(weights))?.settings).toEqual(card.settings);
    expect(await weightsFile(card.name)).toBe(weights);
  });

  test('its accuracy is that of its predictions', () => {
    const { test: record, epochs } = card.result;
    const right = record.confusion.reduce((sum, row, label) => sum + row[label]!, 0);
    expect(decodePredictions(record.predictions)).toHaveLength(card.data.testImages);
    expect(record.accuracy).toBe(right / card.data.testImages);
    expect(epochs).toHaveLength(card.settings.epochs);
    expect(epochs.at(-1)?.testAccuracy).toBe(record.accuracy);
  });
});

describe.skipIf(!hasSharedCifar10)(`on ${sharedCifar10Note}`, () => {
  const before = backendInfo().backend;
  let images: Dataset;
  beforeAll(async () => {
    await setBackend('wasm', { variant: 'simd' });
    images = await sharedCifar10(isSlow ? undefined : SLICE);
  });
  afterAll(() => setBackend(before));

  async function predictionsOf({ settings, name }: ModelCard): Promise<Int32Array> {
    const model = buildModel(settings, settings.pool, { train: images });
    await loadCheckpoint(zooFiles(ZOO_FOLDER, name).weights, model);
    const found = await evaluate(model, new DataLoader(images, { batchSize: SLICE }), { predictions: true });
    model.dispose();
    return found.predictions!;
  }

  test('images come in the order in which the networks were tested', () => {
    expect([...images.labels.subarray(0, 12)]).toEqual([9, 6, 5, 8, 6, 4, 3, 6, 3, 6, 6, 8]);
  });

  test.each(cards)('$name takes images for what its card says, and so is as accurate', async (card) => {
    const wanted = decodePredictions(card.result.test.predictions);
    const found = await predictionsOf(card);
    const others = found.filter((label, i) => label !== wanted[i]).length;
    expect(others / found.length).toBeLessThanOrEqual(MOST_OTHERS / SLICE);
    if (isSlow) expect(card.data.testChecksum).toBe(datasetChecksum(images));
  });
});
