/**
 * Trains the same network from the same weights on the CPU or on a GPU.
 *
 *   npx tsx examples/08-train-on-gpu.ts          # the CPU
 *   npx tsx examples/08-train-on-gpu.ts gpu      # the first GPU there is; in Node that takes `npm install webgpu`
 *   npx tsx examples/08-train-on-gpu.ts webgpu   # a mode: webgpu, webgl2, headlessgl; webasm and cpu need no GPU
 */
import { BackendError, backendInfo, manualSeed, setBackend } from 'softgrad';
import { DataLoader, shapes } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { AdamW } from 'softgrad/optim';
import { fit } from 'softgrad/train';

const [place = 'wasm'] = process.argv.slice(2);
try {
  if (place === 'wasm') await setBackend('wasm');
  else await setBackend('gpu', place === 'gpu' ? {} : { mode: place });
} catch (error) {
  if (!(error instanceof BackendError)) throw error;
  console.log(`${error.message}\n\nThe same on the CPU: npx tsx examples/08-train-on-gpu.ts`);
  process.exit();
}
console.log(`Running on ${backendInfo().description}.`);

// From here on nothing knows where it runs: tensors are made on the backend that was chosen.
manualSeed(1);
const train = new DataLoader(shapes({ split: 'train', count: 160, size: 16 }), { batchSize: 32, shuffle: true });
const model = nn.models.smallCnn({ pool: 'soft' });

const stepEnds: number[] = [];
await fit(model, {
  train,
  epochs: 5,
  optimizer: new AdamW(model.parameters(), { lr: 0.01 }),
  callbacks: {
    // One number per step comes back from the GPU, the loss; weights, gradients and moments stay there.
    onStep: () => void stepEnds.push(performance.now()),
    onEpoch: ({ epoch, loss }) => console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(3)}`),
  },
});

// A GPU's kernels are compiled in the first step, and some more in the second.
const times = stepEnds.slice(2).map((end, i) => end - (stepEnds[i + 1] ?? end));
const median = times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
console.log(`${median.toFixed(1)} ms per step.`);
