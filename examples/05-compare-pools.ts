/**
 * Trains the same small network with SoftPool, max and average pooling, from the same weights and on the same batches.
 *
 *   npx tsx examples/05-compare-pools.ts
 */
import { backendInfo, Generator } from 'softgrad';
import { DataLoader, randomHorizontalFlip, shapes, take } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { AdamW, cosine } from 'softgrad/optim';
import { evaluate, fit } from 'softgrad/train';

const seed = 1;
const epochs = 8;
const trainImages = take(shapes({ split: 'train', count: 2000, size: 16 }), 1000, { balanced: true });
const testImages = shapes({ split: 'test', count: 400, size: 16 });

/** One network, with nothing but the pooling to tell it from the others. */
async function trainWith(pool: string) {
  // Streams of one seed: weights don't depend on how many numbers the batches draw, nor the other way round.
  const streams = new Generator(seed);
  const model = nn.models.smallCnn({ pool, generator: streams.fork('weights') });
  const train = new DataLoader(trainImages, {
    batchSize: 25,
    shuffle: true,
    generator: streams.fork('batches'),
    augment: [randomHorizontalFlip()],
  });
  const test = new DataLoader(testImages, { batchSize: 100 });
  const start = performance.now();
  await fit(model, {
    train,
    epochs,
    optimizer: new AdamW(model.parameters(), { weightDecay: 0.01 }),
    schedule: cosine({ lr: 0.02, steps: epochs * train.length, warmup: 10 }),
  });
  const seconds = (performance.now() - start) / 1000;
  const { loss, accuracy } = await evaluate(model, test);
  model.dispose();
  return { loss, accuracy, seconds };
}

console.log(`${trainImages.length} training images, ${epochs} epochs, ${backendInfo().description}\n`);
console.log('pool  test accuracy  test loss  seconds');
for (const pool of ['soft', 'max', 'avg']) {
  const { loss, accuracy, seconds } = await trainWith(pool);
  const cells = [
    pool.padEnd(4),
    `${(100 * accuracy).toFixed(1)} %`.padStart(13),
    loss.toFixed(3).padStart(9),
    seconds.toFixed(1).padStart(7),
  ];
  console.log(cells.join('  '));
}
console.log('\nOne seed on few images says little: `softgrad compare --seeds 3` gives intervals.');
