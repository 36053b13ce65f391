import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ModelCard } from '../../apps/lab/src/zoo/modelCard.js';
import { modelCards } from '../../apps/lab/src/zoo/zoo.js';
import { withGeneratedPart } from '../../scripts/docs/generatedPart.js';
import { zooPage } from '../../scripts/docs/zooPage.js';

const page = readFileSync(new URL('../../docs/modelZoo.md', import.meta.url), 'utf8');

/** A card of round numbers. */
const card: ModelCard = {
  ...{ format: 'softgrad-model', version: 1, name: 'resnet8-soft-cifar10', softgrad: '0', arithmetic: 'wasm simd' },
  settings: {
    ...{
      data: 'cifar10',
      model: 'resnet8',
      pool: 'soft',
      seed: 2,
      epochs: 3,
      batchSize: 64,
      optimizer: 'sgd',
      lr: 0.2,
    },
    ...{ weightDecay: 5e-4, schedule: 'oneCycle', labelSmoothing: 0, augment: ['flip'] },
  },
  data: { name: 'CIFAR-10', trainImages: 50_000, testImages: 10_000, testChecksum: '0'.repeat(64) },
  result: {
    ...{ pool: 'soft', seed: 2, parameters: 78_042, multiplyAdds: 12_600_000 },
    epochs: [],
    test: { loss: 0.75, accuracy: 0.8125, classAccuracy: [0.7, 0.925], confusion: [], predictions: '' },
  },
  weights: { bytes: 316_000, sha256: 'a'.repeat(64) },
};

test('docs/modelZoo.md is what npm run zoo makes of the cards', async () => {
  expect(zooPage(page, await modelCards())).toBe(page);
});

test('a card becomes a row, and the recipe with the command that repeats it', () => {
  const own = zooPage(page, [card]);
  expect(own).toContain(
    '| [`resnet8-soft-cifar10`](#resnet8-soft-cifar10) | soft | 81.3 % | 0.750 | 78,042 | 12.6 | 0.3 MB |',
  );
  expect(own).toContain('3 epochs of batches of 64, SGD with Nesterov momentum 0.9, learning rate 0.2 (oneCycle)');
  expect(own).toContain('81.3 %; of single classes 70.0 % to 92.5 %.');
  expect(own).toContain('npx softgrad train --data cifar10 --model resnet8 --pool soft --seed 2 --epochs 3');
  expect(zooPage(own, [])).toBe(zooPage(page, []));
});

test('a page without a place for a generated part is an error', () => {
  expect(() => withGeneratedPart('# A page\n', 'npm run zoo', 'text')).toThrow(/written by npm run zoo/);
});
