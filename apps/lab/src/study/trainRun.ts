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
import { type EpochEvent, type FitCallbacks, fit, type StepEvent } from 'softgrad/train';
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

/**
 * Trains and tests one network. `undefined` if the signal ended it early.
 *
 * @throws NonFiniteError that names step and layer if the training loss isn't finite, Error that names the epoch if the test
 *   loss isn't
 */
export async function trainRun(
  settings: StudySettings,
  { pool, seed }: RunPlan,
  data: StudyData,
  hooks: RunHooks = {},
): Promise<RunResult | undefined> {
  const streams = new Generator(seed);
  manualSeed(`dropout of seed ${seed}`);
  const model = buildModel(settings, pool, data, streams.fork('weights'));
  const optimizer = buildOptimizer(settings, model);
  const loaders = buildLoaders(settings, data, streams);
  const { epochs, labelSmoothing } = settings;
  const recorder = new RunRecorder(hooks);
  resetPeakMemory();
  try {
    const { ended } = await fit(model, {
      ...{ train: loaders.train, validation: loaders.test, optimizer, epochs, labelSmoothing },
      schedule: buildSchedule(settings, epochs * loaders.train.length),
      signal: hooks.signal,
      callbacks: recorder,
    });
    if (ended !== 'complete') return undefined;
    return {
      ...{ pool, seed, epochs: recorder.epochs, parameters: nn.countParameters(model) },
      multiplyAdds: multiplyAdds(model, data.train.shape),
      millisecondsPerStep: median(recorder.stepTimes),
      peakTensorBytes: peakMemory(),
    };
  } finally {
    model.dispose();
    optimizer.dispose();
  }
}

/** Keeps what a run's result needs, and passes it on. */
class RunRecorder implements FitCallbacks {
  readonly epochs: EpochRecord[] = [];
  /** Milliseconds of each step, evaluations left out. */
  readonly stepTimes: number[] = [];
  #last = performance.now();
  readonly #hooks: RunHooks;

  constructor(hooks: RunHooks) {
    this.#hooks = hooks;
  }

  onStep(event: StepEvent): void {
    const now = performance.now();
    this.stepTimes.push(now - this.#last);
    this.#hooks.onStep?.(event);
    this.#last = now;
  }

  onEpoch(event: EpochEvent): void {
    const record = recordOf(event);
    this.epochs.push(record);
    this.#hooks.onEpoch?.(record);
    this.#last = performance.now();
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
    // No larger than in training, so that the peak of memory is that of training.
    test: new DataLoader(test, { batchSize }),
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

function recordOf({ epoch, loss, accuracy, lr, seconds, validation }: EpochEvent): EpochRecord {
  if (!validation || !Number.isFinite(validation.loss)) {
    throw new Error(`the test loss is ${validation?.loss} after epoch ${epoch + 1}; try a lower learning rate`);
  }
  return { loss, accuracy, testLoss: validation.loss, testAccuracy: validation.accuracy, lr, seconds };
}
