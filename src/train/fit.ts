/**
 * @file The training loop.
 */
import type { Batch, DataLoader } from '../data/dataLoader.js';
import { ArgumentError } from '../errors.js';
import type { Module } from '../nn/module.js';
import { crossEntropy } from '../ops/index.js';
import type { Optimizer } from '../optim/optimizer.js';
import type { Schedule } from '../optim/schedules.js';
import { breathe } from './breathe.js';
import { type Evaluation, evaluate, type LossFunction } from './evaluate.js';
import { RunningMetrics } from './metrics.js';
import { trainStep } from './trainStep.js';

export interface FitOptions {
  readonly train: DataLoader;
  /** Evaluated after every epoch. */
  readonly validation?: DataLoader | undefined;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  /** Learning rate by step, counted from 0. Default: the optimiser's own stays. */
  readonly schedule?: Schedule | undefined;
  /** Default: cross entropy with `labelSmoothing`. */
  readonly loss?: LossFunction | undefined;
  /** For training only; validation losses are plain cross entropy. Default 0. */
  readonly labelSmoothing?: number | undefined;
  /** Gradients longer than this, all together, are scaled down to it. */
  readonly clipNorm?: number | undefined;
  readonly callbacks?: FitCallbacks | readonly FitCallbacks[] | undefined;
  /** Stops after the step at hand. */
  readonly signal?: AbortSignal | undefined;
}

/** What happened in one step. */
export interface StepEvent {
  /** Steps before this one, over all epochs. */
  readonly step: number;
  readonly epoch: number;
  /** Batches before this one in the epoch. */
  readonly batch: number;
  /** Batches in an epoch. */
  readonly batches: number;
  /** Samples in this batch. */
  readonly samples: number;
  readonly loss: number;
  /** Share of this batch that was classified correctly. */
  readonly accuracy: number;
  readonly lr: number;
  /** Length of the gradient before clipping, with `clipNorm`. */
  readonly gradNorm?: number;
}

/** What happened in one epoch; losses and accuracies of training are means over its steps, while the weights changed. */
export interface EpochEvent {
  readonly epoch: number;
  /** Steps so far, over all epochs. */
  readonly steps: number;
  /** Samples trained on in this epoch. */
  readonly samples: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly lr: number;
  /** Training time without validation. */
  readonly seconds: number;
  readonly validation?: Evaluation;
}

/** Called after every step or epoch, and awaited. Whoever returns `'stop'` ends the training there. */
export interface FitCallbacks {
  onStep?(event: StepEvent): unknown;
  onEpoch?(event: EpochEvent): unknown;
}

export interface History {
  /** Complete epochs. */
  readonly epochs: readonly EpochEvent[];
  /** Updates made. */
  readonly steps: number;
  /** Why it ended: all epochs done, a callback said so, or the signal. */
  readonly ended: 'complete' | 'stopped' | 'aborted';
}

/**
 * Trains `model` for some epochs. Afterwards it is in training mode, and the optimiser's gradients are freed.
 *
 * Each step waits for its loss before it updates the weights, while the backward pass is already on its way; so a GPU keeps
 * busy, and weights are never updated from a loss that isn't finite.
 *
 * @throws NonFiniteError that names step and layer if the loss, or with `clipNorm` the gradient, isn't finite
 * @throws ArgumentError if an option is out of range
 */
export async function fit(model: Module, options: FitOptions): Promise<History> {
  const { train, validation, optimizer, epochs, signal, loss = smoothed(options.labelSmoothing) } = options;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new ArgumentError(`fit: epochs must be a whole number of at least 1, got ${epochs}`);
  }
  const run: Run = { model, options: { ...options, loss }, callbacks: [options.callbacks ?? []].flat(), steps: 0 };
  const finished: EpochEvent[] = [];
  const history = (ended: History['ended']): History => ({ epochs: finished, steps: run.steps, ended });
  optimizer.zeroGrad();
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      model.train();
      const start = performance.now();
      const metrics = new RunningMetrics();
      const ended = await trainEpoch(run, train.batches(epoch), epoch, metrics);
      if (ended) return history(ended);
      const seconds = (performance.now() - start) / 1000;
      const { loss: meanLoss, accuracy, count: samples } = metrics;
      const event = { epoch, steps: run.steps, samples, loss: meanLoss, accuracy, lr: optimizer.lr, seconds };
      finished.push(validation ? { ...event, validation: await evaluate(model, validation, { signal }) } : event);
      if (signal?.aborted) return history('aborted');
      if (await anyStops(run.callbacks, (callback) => callback.onEpoch?.(finished.at(-1)!))) return history('stopped');
    }
    return history('complete');
  } finally {
    optimizer.zeroGrad();
  }
}

interface Run {
  readonly model: Module;
  readonly options: FitOptions & { readonly loss: LossFunction };
  readonly callbacks: readonly FitCallbacks[];
  steps: number;
}

/** One pass over the batches; tells why, if it ended early. */
async function trainEpoch(
  run: Run,
  batches: Iterable<Batch>,
  epoch: number,
  metrics: RunningMetrics,
): Promise<Exclude<History['ended'], 'complete'> | undefined> {
  const { model, options } = run;
  let batch = 0;
  for (const { x, labels } of batches) {
    const step = run.steps;
    if (options.schedule) options.optimizer.lr = options.schedule(step);
    const { lr } = options.optimizer;
    const result = await trainStep(model, x, labels, { ...options, step, epoch });
    run.steps += 1;
    metrics.add(result.loss, result.correct, labels.length);
    const { loss, gradNorm } = result;
    const event: StepEvent = {
      ...{ step, epoch, batch, batches: options.train.length, samples: labels.length, loss, lr },
      accuracy: result.correct / labels.length,
      ...(gradNorm === undefined ? {} : { gradNorm }),
    };
    if (await anyStops(run.callbacks, (callback) => callback.onStep?.(event))) return 'stopped';
    await breathe();
    if (options.signal?.aborted) return 'aborted';
    batch += 1;
  }
  return undefined;
}

async function anyStops(
  callbacks: readonly FitCallbacks[],
  call: (callback: FitCallbacks) => unknown,
): Promise<boolean> {
  let stops = false;
  for (const callback of callbacks) stops = (await call(callback)) === 'stop' || stops;
  return stops;
}

function smoothed(labelSmoothing: number | undefined): LossFunction {
  return (logits, labels) => crossEntropy(logits, labels, { labelSmoothing });
}
