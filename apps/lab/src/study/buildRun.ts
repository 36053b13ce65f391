/**
 * @file What a run is made of.
 *
 * Weights, batches, augmentation and everything random inside the network are drawn from streams that depend on the seed and on
 * their own name alone. So for one seed every pooling starts from the same weights and sees the same images in the same order,
 * and a pooling that draws random numbers itself shifts no other stream.
 */
import { Generator, manualSeed } from 'softgrad';
import {
  cutout,
  DataLoader,
  type Dataset,
  randomCrop,
  randomGain,
  randomHorizontalFlip,
  randomNoise,
  type Transform,
} from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { Adam, AdamW, constant, cosine, type Optimizer, oneCycle, type Schedule, SGD } from 'softgrad/optim';
import type { StudyData } from './datasets.js';
import type { AugmentName, Recipe, RunSettings } from './settings.js';

/** The share of all updates in which the rate of `cosine` first rises. */
const WARMUP = 0.05;

export interface Run {
  readonly model: nn.Module;
  readonly optimizer: Optimizer;
  readonly train: DataLoader;
  readonly test: DataLoader;
  readonly schedule: Schedule;
}

/** A run before its first step. */
export function buildRun(settings: RunSettings, data: StudyData): Run {
  const { pool, seed } = settings;
  const streams = new Generator(seed);
  manualSeed(`dropout of seed ${seed}`);
  const model = buildModel(settings, pool, data, streams.fork('weights'));
  const loaders = buildLoaders(settings, data, streams);
  const schedule = buildSchedule(settings, settings.epochs * loaders.train.length);
  return { model, optimizer: buildOptimizer(settings, model), ...loaders, schedule };
}

/** The network of a run. Its weights depend on the generator's seed, not on the pooling. */
export function buildModel(
  { model }: Pick<Recipe, 'model'>,
  pool: string,
  { train: { classes, shape } }: { readonly train: Pick<Dataset, 'classes' | 'shape'> },
  generator?: Generator,
): nn.Module {
  return nn.models.createModel(model, { sampleShape: shape, pool, numClasses: classes.length, generator });
}

/** Batches of a run: training ones shuffled and augmented, test ones in order. */
export function buildLoaders(
  { batchSize, augment }: Pick<Recipe, 'batchSize' | 'augment'>,
  { train, test }: StudyData,
  streams: Generator,
): Pick<Run, 'train' | 'test'> {
  const transforms: Record<AugmentName, () => Transform> = {
    crop: () => randomCrop(4),
    flip: () => randomHorizontalFlip(),
    cutout: () => cutout(8),
    gain: () => randomGain(0.8, 1.25),
    noise: () => randomNoise(0.1),
  };
  return {
    train: new DataLoader(train, {
      batchSize,
      shuffle: true,
      dropLast: train.length >= batchSize,
      generator: streams.fork('batches'),
      augment: augment.map((name) => transforms[name]()),
    }),
    // No larger than in training, so that the peak of memory is that of training.
    test: new DataLoader(test, { batchSize }),
  };
}

function buildOptimizer({ optimizer, lr, weightDecay }: Recipe, model: nn.Module): Optimizer {
  const parameters = model.parameters();
  if (optimizer === 'sgd') return new SGD(parameters, { lr, momentum: 0.9, nesterov: true, weightDecay });
  return optimizer === 'adam' ? new Adam(parameters, { lr, weightDecay }) : new AdamW(parameters, { lr, weightDecay });
}

function buildSchedule({ schedule, lr }: Recipe, steps: number): Schedule {
  if (schedule === 'constant') return constant(lr);
  return schedule === 'cosine' ? cosine({ lr, steps, warmup: Math.floor(WARMUP * steps) }) : oneCycle({ lr, steps });
}
