/**
 * @file One run of a study: one network, one pooling, one seed.
 *
 * Weights, batches, augmentation and dropout are drawn from streams that depend on the seed and on their own name alone. So
 * for one seed every pooling starts from the same weights and sees the same images in the same order.
 */
import { Generator, manualSeed, peakMemory, resetPeakMemory } from 'softgrad';
import { cutout, DataLoader, randomCrop, randomHorizontalFlip, type Transform } from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { Adam, AdamW, constant, cosine, type Optimizer, oneCycle, type Schedule, SGD } from 'softgrad/optim';
import { type EpochEvent, fit, type StepEvent } from 'softgrad/train';
import type { StudyData } from './datasets.js';
import { multiplyAdds } from './multiplyAdds.js';
import { median } from './statistics.js';
import type { EpochRecord, RunResult, StudySettings } from './study.js';

/** A run before it is run. */
export interface RunPlan {
  readonly pool: string;
  readonly seed: number;
}

export interface RunHooks {
  readonly onStep?: ((event: StepEvent) => void) | undefined;
  readonly onEpoch?: ((record: EpochRecord) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Every run of a study: seed by seed, so that an interrupted one has whole comparisons. */
export function planRuns({ pools, seeds }: Pick<StudySettings, 'pools' | 'seeds'>): RunPlan[] {
  return seeds.flatMap((seed) => pools.map((pool) => ({ pool, seed })));
}

/** Trains and tests one network. `undefined` if the signal ended it early. */
export async function trainRun(
  settings: StudySettings,
  { pool, seed }: RunPlan,
  data: StudyData,
  hooks: RunHooks = {},
): Promise<RunResult | undefined> {
  const streams = new Generator(seed);
  manualSeed(`dropout of seed ${seed}`);
  const model = buildModel(settings, pool, data, streams.fork('weights'));
  const loaders = buildLoaders(settings, data, streams);
  const steps = settings.epochs * loaders.train.length;
  const stopwatch = new Stopwatch();
  const epochs: EpochRecord[] = [];
  resetPeakMemory();
  const history = await fit(model, {
    train: loaders.train,
    validation: loaders.test,
    optimizer: buildOptimizer(settings, model),
    schedule: buildSchedule(settings, steps),
    epochs: settings.epochs,
    labelSmoothing: settings.labelSmoothing,
    signal: hooks.signal,
    callbacks: {
      onStep: (event) => {
        stopwatch.step(event);
        hooks.onStep?.(event);
      },
      onEpoch: (event) => {
        epochs.push(recordOf(event));
        hooks.onEpoch?.(recordOf(event));
      },
    },
  });
  const result: RunResult = {
    pool,
    seed,
    epochs,
    parameters: nn.countParameters(model),
    multiplyAdds: multiplyAdds(model, data.train.shape),
    millisecondsPerStep: median(stopwatch.times),
    peakTensorBytes: peakMemory(),
  };
  model.dispose();
  return history.ended === 'complete' ? result : undefined;
}

/** Milliseconds of each step. */
class Stopwatch {
  readonly times: number[] = [];
  #last = performance.now();

  step({ batch }: StepEvent): void {
    const now = performance.now();
    // An epoch's first step would count the evaluation before it.
    if (batch > 0) this.times.push(now - this.#last);
    this.#last = now;
  }
}

/** The network of a run. Its weights depend on the generator's seed, not on the pooling. */
export function buildModel(
  { model }: Pick<StudySettings, 'model'>,
  pool: string,
  { train }: Pick<StudyData, 'train'>,
  generator: Generator,
): nn.Module {
  return nn.models[model]({ pool, numClasses: train.classes.length, inChannels: train.shape[0], generator });
}

/** Batches of a run: training ones shuffled and augmented, test ones in order. */
export function buildLoaders(
  { batchSize, augment }: Pick<StudySettings, 'batchSize' | 'augment'>,
  { train, test }: StudyData,
  streams: Generator,
): { train: DataLoader; test: DataLoader } {
  const transforms: Record<StudySettings['augment'][number], () => Transform> = {
    crop: () => randomCrop(4),
    flip: () => randomHorizontalFlip(),
    cutout: () => cutout(8),
  };
  return {
    train: new DataLoader(train, {
      batchSize,
      shuffle: true,
      dropLast: train.length >= batchSize,
      generator: streams.fork('batches'),
      augment: augment.map((name) => transforms[name]()),
    }),
    test: new DataLoader(test, { batchSize: 200 }),
  };
}

function buildOptimizer({ optimizer, lr, weightDecay }: StudySettings, model: nn.Module): Optimizer {
  const parameters = model.parameters();
  if (optimizer === 'sgd') return new SGD(parameters, { lr, momentum: 0.9, nesterov: true, weightDecay });
  return optimizer === 'adam' ? new Adam(parameters, { lr, weightDecay }) : new AdamW(parameters, { lr, weightDecay });
}

function buildSchedule({ schedule, lr }: StudySettings, steps: number): Schedule {
  if (schedule === 'constant') return constant(lr);
  return schedule === 'cosine' ? cosine({ lr, steps }) : oneCycle({ lr, steps });
}

function recordOf({ loss, accuracy, lr, seconds, validation }: EpochEvent): EpochRecord {
  return {
    loss,
    accuracy,
    testLoss: validation?.loss ?? Number.NaN,
    testAccuracy: validation?.accuracy ?? Number.NaN,
    lr,
    seconds,
  };
}
