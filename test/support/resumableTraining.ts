/**
 * @file A training that can be killed: `tsx resumableTraining.ts CHECKPOINT [options]` runs it as a process of its own, prints
 * `training` when it begins and its result, all weights and the history, as one line of JSON when it is done.
 */
import { pathToFileURL } from 'node:url';
import { DataLoader } from '../../src/data/dataLoader.js';
import type { Dataset } from '../../src/data/dataset.js';
import { randomCrop } from '../../src/data/randomCrop.js';
import { manualSeed, setBackend } from '../../src/index.js';
import * as nn from '../../src/nn/index.js';
import { Adam, cosine, type Optimizer, SGD } from '../../src/optim/index.js';
import { Generator } from '../../src/tensor/generator.js';
import { type FitOptions, fit, type History } from '../../src/train/index.js';

export interface Plan {
  readonly optimizer?: 'sgd' | 'adam';
  readonly epochs?: number;
  readonly samples?: number;
  readonly threads?: number;
  readonly everySteps?: number;
}

/** 8×8 images of three classes: a horizontal, a vertical or no stripe, in noise. */
export function stripes(length: number, seed: number): Dataset {
  const generator = new Generator(seed);
  const images = generator.fillNormal(new Float32Array(length * 64), 0, 0.5);
  const labels = Int32Array.from({ length }, (_, i) => i % 3);
  labels.forEach((label, i) => {
    const place = generator.integer(8);
    for (let k = 0; k < 8 && label < 2; k++) images[i * 64 + (label === 0 ? place * 8 + k : k * 8 + place)]! += 2;
  });
  return { name: 'stripes', images, labels, shape: [1, 8, 8], classes: ['row', 'column', 'none'], length };
}

/** Convolutions with running statistics, dropout from the default generator, and dropout from one of its own. */
export function makeModel(): nn.Module {
  const generator = new Generator(2);
  const body = nn.models.smallCnn({ numClasses: 8, inChannels: 1, widths: [4, 8, 8], generator });
  const own = new nn.Dropout(0.25, { generator: generator.fork('dropout') });
  return new nn.Sequential(body, new nn.Dropout(0.25), own, new nn.Linear(8, 3, { generator }));
}

export interface Setup {
  readonly model: nn.Module;
  readonly optimizer: Optimizer;
  readonly options: Omit<FitOptions, 'checkpoint' | 'callbacks' | 'signal'>;
}

export function setUp({ optimizer: kind = 'sgd', epochs = 2, samples = 60 }: Plan = {}): Setup {
  manualSeed('resumable');
  const model = makeModel();
  const parameters = model.parameters();
  const optimizer =
    kind === 'adam'
      ? new Adam(parameters, { lr: 0.01 })
      : new SGD(parameters, { lr: 0.1, momentum: 0.9, nesterov: true });
  const loader = { batchSize: 12, shuffle: true, seed: 1, augment: [randomCrop(1)] };
  const train = new DataLoader(stripes(samples, 1), loader);
  const validation = new DataLoader(stripes(30, 9), { batchSize: 30 });
  const schedule = cosine({ lr: 0.02, steps: epochs * train.length, warmup: 2 });
  return { model, optimizer, options: { train, validation, optimizer, epochs, schedule, labelSmoothing: 0.1 } };
}

export interface Outcome {
  /** The bits of every parameter and buffer, by name. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
  readonly history: History;
}

/** What must be equal for two trainings to be equal; the seconds aren't. */
export async function outcomeOf(model: nn.Module, history: History): Promise<Outcome> {
  const weights: Record<string, readonly number[]> = {};
  for (const [name, value] of Object.entries(model.stateDict())) {
    weights[name] = [...new Int32Array(Float32Array.from(await value.data()).buffer)];
    value.dispose();
  }
  return { weights, history: { ...history, epochs: history.epochs.map((epoch) => ({ ...epoch, seconds: 0 })) } };
}

/** The whole training in one piece, or from the checkpoint at `path` on. */
export async function train(plan: Plan, path?: string): Promise<Outcome> {
  const { model, options } = setUp(plan);
  const checkpoint = path === undefined ? undefined : { path, resume: true, everySteps: plan.everySteps };
  return outcomeOf(model, await fit(model, { ...options, checkpoint }));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , path, text = '{}'] = process.argv;
  const plan: Plan = JSON.parse(text);
  if (plan.threads !== undefined) await setBackend('wasm', { threads: plan.threads });
  console.log('training');
  console.log(JSON.stringify(await train(plan, path)));
}
