import { describe, expect, test } from 'vitest';
import { clips, DataLoader, type Dataset } from '../../src/data/index.js';
import * as nn from '../../src/nn/index.js';
import { oneCycle, SGD } from '../../src/optim/index.js';
import { Generator } from '../../src/tensor/generator.js';
import { evaluate, fit } from '../../src/train/index.js';

/** The frames of a data set of clips, each a sample of its clip's class. */
function framesOf({ shape, labels, length, ...clip }: Dataset): Dataset {
  const [channels = 1, frames = 1, ...plane] = shape;
  return {
    ...clip,
    shape: [channels, ...plane],
    labels: Int32Array.from({ length: length * frames }, (_, frame) => labels[Math.floor(frame / frames)]!),
    length: length * frames,
  };
}

/** The share of test samples that a network gets right after a few epochs. */
async function accuracyOf(name: nn.models.ModelName, train: Dataset, held: Dataset, epochs: number): Promise<number> {
  const model = nn.models.createModel(name, {
    ...{ sampleShape: train.shape, numClasses: 8 },
    generator: new Generator(1),
  });
  const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4 });
  const loader = new DataLoader(train, { batchSize: 64, shuffle: true, dropLast: true, seed: 1 });
  await fit(model, {
    train: loader,
    optimizer,
    epochs,
    schedule: oneCycle({ lr: 0.1, steps: epochs * loader.length }),
  });
  return (await evaluate(model, new DataLoader(held, { batchSize: 64 }))).accuracy;
}

/** Minutes of training, so only on request. */
describe.runIf(process.env.SOFTGRAD_SLOW_TESTS)('networks on clips', () => {
  const [train, held] = [clips({ split: 'train', count: 4000 }), clips({ split: 'test', count: 1000 })];

  test('one that sees single frames guesses: 12.5 %', { timeout: 600_000 }, async () => {
    const accuracy = await accuracyOf('resnet8', framesOf(train), framesOf(held), 1);
    expect(Math.abs(accuracy - 0.125)).toBeLessThan(0.03);
  });

  test('one that sees time learns', { timeout: 900_000 }, async () => {
    expect(await accuracyOf('resnet3d', train, held, 8)).toBeGreaterThan(0.5);
  });
});
