/**
 * @file A long training with everything that a training has, and what it holds from time to time.
 *
 * A small CNN with soft pooling on WebAssembly: shuffled and augmented batches, Adam, a schedule, clipped gradients, an
 * evaluation per epoch, checkpoints.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataLoader, randomCrop, randomHorizontalFlip, shapes } from '../../src/data/index.js';
import { manualSeed, setBackend } from '../../src/index.js';
import { createWasmKernels, type WasmKernels } from '../../src/kernels/wasm/wasmKernels.js';
import * as nn from '../../src/nn/index.js';
import { Adam, cosine } from '../../src/optim/index.js';
import { registerLazyBackend } from '../../src/tensor/activeBackend.js';
import { fit, type StepEvent } from '../../src/train/index.js';
import { type Sample, takeSample } from './sample.js';

export interface LongRunOptions {
  readonly steps: number;
  readonly batchSize: number;
  /** Pixels of an image's side. */
  readonly size: number;
  readonly threads?: number | undefined;
  readonly onSample?: ((sample: Sample) => void) | undefined;
  /** Called after each step; a self-test leaks here. */
  readonly onStep?: ((kernels: WasmKernels) => void) | undefined;
}

/** Samples of a run; at least as many epochs, each with an evaluation and checkpoints: the first tenth has them, too. */
export const SAMPLES = 20;
const MOST_IMAGES = 2000;
const CHECKPOINTS_PER_EPOCH = 3;

/** Trains for `steps` steps, a multiple of `SAMPLES`, and takes a sample after each twentieth of them. */
export async function longRun(options: LongRunOptions): Promise<Sample[]> {
  const { steps, batchSize, size, threads } = options;
  const kernels = createWasmKernels({ threads });
  registerLazyBackend('wasm', () => kernels, {});
  await setBackend('wasm', {});
  manualSeed('long run');
  const folder = await mkdtemp(join(tmpdir(), 'softgrad-longrun-'));
  const model = nn.models.smallCnn({ pool: 'soft' });
  const data = shapes({ split: 'train', count: Math.min((steps / SAMPLES) * batchSize, MOST_IMAGES), size });
  const augment = [randomCrop(2), randomHorizontalFlip()];
  const recorder = new Recorder(options, kernels);
  try {
    const train = new DataLoader(data, { batchSize, shuffle: true, augment });
    await fit(model, {
      ...{ train, epochs: Math.ceil(steps / train.length), clipNorm: 5 },
      validation: new DataLoader(shapes({ split: 'test', count: 100, size }), { batchSize: 50 }),
      optimizer: new Adam(model.parameters(), { lr: 0.01 }),
      schedule: cosine({ lr: 0.003, steps, warmup: steps / SAMPLES }),
      checkpoint: {
        path: join(folder, 'run.safetensors'),
        everySteps: Math.ceil(train.length / CHECKPOINTS_PER_EPOCH),
      },
      callbacks: recorder,
    });
  } finally {
    model.dispose();
    kernels.runtime.close();
    await rm(folder, { recursive: true });
  }
  return recorder.samples;
}

/** Takes the samples, and ends the training after the last one. */
class Recorder {
  readonly samples: Sample[] = [];
  readonly #options: LongRunOptions;
  readonly #kernels: WasmKernels;
  #losses = 0;

  constructor(options: LongRunOptions, kernels: WasmKernels) {
    this.#options = options;
    this.#kernels = kernels;
  }

  async onStep({ step, loss }: StepEvent): Promise<'stop' | undefined> {
    const { steps, onSample, onStep } = this.#options;
    onStep?.(this.#kernels);
    this.#losses += loss;
    const every = steps / SAMPLES;
    if ((step + 1) % every !== 0) return undefined;
    const sample = await takeSample(step + 1, this.#losses / every, this.#kernels);
    this.#losses = 0;
    this.samples.push(sample);
    onSample?.(sample);
    return step + 1 === steps ? 'stop' : undefined;
  }
}
