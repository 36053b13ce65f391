/**
 * Trains a one-dimensional network on sounds, and shows what each class sounds like and how often it is recognised.
 *
 *   npx tsx examples/07-waveforms.ts
 */
import { backendInfo, manualSeed } from 'softgrad';
import { DataLoader, randomNoise, waveforms } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { cosine, SGD } from 'softgrad/optim';
import { evaluate, fit } from 'softgrad/train';

manualSeed(1);
const trainSounds = waveforms({ split: 'train', count: 2000, length: 256 }); // [2000, 1, 256]
const testSounds = waveforms({ split: 'test', count: 500, length: 256 });

// Models know what they take: `nn.models.modelNames([1, 256])` lists those for such waveforms.
const model = nn.models.createModel('waveformCnn', {
  sampleShape: trainSounds.shape,
  numClasses: trainSounds.classes.length,
  pool: 'soft',
});
console.log(`${nn.countParameters(model).toLocaleString('en')} parameters on ${backendInfo().description}.\n`);

const epochs = 8;
const train = new DataLoader(trainSounds, { batchSize: 50, shuffle: true, augment: [randomNoise(0.1)] });
await fit(model, {
  train,
  epochs,
  optimizer: new SGD(model.parameters(), { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4 }),
  schedule: cosine({ lr: 0.1, steps: epochs * train.length, warmup: 20 }),
  callbacks: {
    onEpoch: ({ epoch, loss, seconds }) =>
      console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(3)}, ${seconds.toFixed(1)} s`),
  },
});

/** How loud a waveform is over time, in 32 parts. */
function envelope(index: number): string {
  const wave = Array.from(testSounds.images.subarray(index * 256, (index + 1) * 256));
  const loudness = Array.from({ length: 32 }, (_, part) => {
    const values = wave.slice(part * 8, part * 8 + 8);
    return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  });
  const loudest = Math.max(...loudness);
  return loudness.map((value) => '▁▂▃▄▅▆▇█'[Math.round((7 * value) / loudest)]).join('');
}

const { accuracy, confusion = [] } = await evaluate(model, new DataLoader(testSounds, { batchSize: 100 }), {
  confusion: true,
});
console.log('\nclass      loudness of the first one          recognised');
testSounds.classes.forEach((name, label) => {
  const row = confusion[label] ?? [];
  const share = (row[label] ?? 0) / row.reduce((sum, count) => sum + count, 0);
  // Sample i is of class i modulo the number of classes.
  console.log(`${name.padEnd(9)}  ${envelope(label)}  ${`${Math.round(100 * share)} %`.padStart(11)}`);
});
console.log(`\n${(100 * accuracy).toFixed(1)} % of the test sounds are recognised; guessing would be 10 %.`);
