/**
 * Trains a small convolutional network with SoftPool on a procedural data set.
 *
 *   npx tsx examples/04-train-small-cnn.ts
 */
import { backendInfo, manualSeed } from 'softgrad';
import { DataLoader, randomHorizontalFlip, shapes } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { AdamW, cosine } from 'softgrad/optim';
import { evaluate, fit } from 'softgrad/train';

manualSeed(1);
console.log(`Running on ${backendInfo().description}.`);

// Coloured shapes on textured backgrounds, ten classes, drawn from a seed.
const train = new DataLoader(shapes({ split: 'train', count: 2000, size: 16 }), {
  batchSize: 50,
  shuffle: true,
  augment: [randomHorizontalFlip()],
});
const test = new DataLoader(shapes({ split: 'test', count: 500, size: 16 }), { batchSize: 100 });

// 'soft' is one of the names that nn.poolNames() lists; 'max' or 'avg' would begin from the very same weights.
const model = nn.models.smallCnn({ pool: 'soft' });
console.log(`${nn.countParameters(model).toLocaleString('en')} parameters.`);

const epochs = 8;
const history = await fit(model, {
  train,
  validation: test,
  epochs,
  optimizer: new AdamW(model.parameters(), { weightDecay: 0.01 }),
  schedule: cosine({ lr: 0.01, steps: epochs * train.length, warmup: 10 }),
  callbacks: {
    onEpoch({ epoch, loss, validation, seconds }) {
      const accuracy = (100 * (validation?.accuracy ?? 0)).toFixed(1);
      console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(3)}, test accuracy ${accuracy} %, ${seconds.toFixed(1)} s`);
    },
  },
});

const { accuracy, count } = await evaluate(model, test);
console.log(`After ${history.steps} steps, ${Math.round(accuracy * count)} of ${count} test images are right.`);
