import path from 'node:path';
import { saveSafetensors } from 'softgrad/io';
import { expect, test } from 'vitest';
import { recipe } from '../../src/study/settings.js';
import { readWeightsMetadata, weightsMetadata } from '../../src/study/weightsMetadata.js';
import { UsageError } from '../../src/usageError.js';
import { settings, temporaryFolder } from '../support.js';

const data = { classes: ['a', 'b'], shape: [3, 8, 8], normalization: { mean: [0, 0, 0], std: [1, 1, 1] } };
const run = { ...recipe.parse(settings), pool: 'soft', seed: 0 };

async function described(description: object): Promise<string> {
  const file = path.join(await temporaryFolder(), 'weights.safetensors');
  await saveSafetensors(file, {}, { ...weightsMetadata(run, data), 'softgrad.data': JSON.stringify(description) });
  return file;
}

test('what weights say of themselves is read as it was written', async () => {
  expect(await readWeightsMetadata(await described(data))).toEqual({ settings: run, data });
});

test.each<[string, object]>([
  ['samples that no memory holds', { ...data, shape: [3, 1_000_000_000, 1_000_000_000] }],
  ['samples that would take gigabytes', { ...data, shape: [3, 20_000, 20_000] }],
  ['channels by the million', { ...data, shape: [1_000_000, 4, 4] }],
  ['too many axes', { ...data, shape: [3, 1, 1, 1, 1] }],
  ['too many classes', { ...data, classes: new Array(100_001).fill('') }],
  ['a deviation of 0', { ...data, normalization: { mean: [0], std: [0] } }],
])('%s are refused before a network is built', async (_, description) => {
  const file = await described(description);
  const error: unknown = await readWeightsMetadata(file).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(UsageError);
  expect(String(error)).toContain(file);
});
