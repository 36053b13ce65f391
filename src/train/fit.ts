/**
 * @file The training loop.
 */
import type { DataLoader } from '../data/dataLoader.js';
import { ArgumentError } from '../errors.js';
import type { Module } from '../nn/module.js';
import { crossEntropy } from '../ops/index.js';
import type { Optimizer } from '../optim/optimizer.js';
import type { Schedule } from '../optim/schedules.js';
import { breathe } from './breathe.js';
import { type CheckpointOptions, Checkpoints } from './checkpoints.js';
import { evaluate, type LossFunction } from './evaluate.js';
import type { FitCallbacks, History, StepEvent } from './fitEvents.js';
import { NonFiniteError } from './nonFiniteError.js';
import { TrainingProgress } from './trainingProgress.js';
import { type TrainStepResult, trainStep } from './trainStep.js';

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
  /** Stops after the step at hand, and saves the checkpoint. */
  readonly signal?: AbortSignal | undefined;
  /** Where the training is saved while it goes on, and what it goes on from. Default: nowhere. */
  readonly checkpoint?: CheckpointOptions | undefined;
}

type EarlyEnd = Exclude<History['ended'], 'complete'>;

/**
 * Trains `model` for some epochs. Afterwards it is in training mode, and the optimiser's gradients are freed.
 *
 * Each step waits for its loss before it updates the weights, while the backward pass is already on its way; so a GPU keeps
 * busy, and weights are never updated from a loss that isn't finite.
 *
 * With `checkpoint`, the training survives the end of its process at any moment: called again with the same arguments and
 * `resume`, it ends with the same weights and the same history, to the bit (the seconds aside).
 *
 * @throws NonFiniteError that names step, layer and last checkpoint if the loss, or with `clipNorm` the gradient, isn't finite
 * @throws ArgumentError if an option is out of range, or there is a checkpoint and no `resume`
 * @throws CheckpointError if the checkpoint is damaged or of another training
 */
export async function fit(model: Module, options: FitOptions): Promise<History> {
  const { train, optimizer, epochs, loss = smoothed(options.labelSmoothing) } = options;
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new ArgumentError(`fit: epochs must be a whole number of at least 1, got ${epochs}`);
  }
  const callbacks = [options.callbacks ?? []].flat();
  const checkpoints = options.checkpoint && new Checkpoints(options.checkpoint, { model, optimizer, train });
  optimizer.zeroGrad();
  try {
    const progress = await resumed(checkpoints, callbacks);
    const run: Run = { model, options: { ...options, loss }, callbacks, checkpoints, progress };
    let ended: EarlyEnd | undefined;
    while (ended === undefined && progress.epoch < epochs) ended = await trainEpoch(run);
    if (ended !== undefined) await checkpoints?.save(progress);
    return { epochs: progress.epochs, steps: progress.steps, ended: ended ?? 'complete' };
  } catch (error) {
    throw error instanceof NonFiniteError && checkpoints ? error.withCheckpoint(checkpoints) : error;
  } finally {
    optimizer.zeroGrad();
  }
}

interface Run {
  readonly model: Module;
  readonly options: FitOptions & { readonly loss: LossFunction };
  readonly callbacks: readonly FitCallbacks[];
  readonly checkpoints: Checkpoints | undefined;
  readonly progress: TrainingProgress;
}

/** From the checkpoint, if there is one, else from the beginning. */
async function resumed(
  checkpoints: Checkpoints | undefined,
  callbacks: readonly FitCallbacks[],
): Promise<TrainingProgress> {
  const progress = await checkpoints?.resume();
  if (!progress) return new TrainingProgress();
  const { steps, epoch, batch, epochs } = progress;
  for (const callback of callbacks) await callback.onResume?.({ steps, epoch, batch, epochs });
  return progress;
}

/** The rest of the epoch at hand, its validation, and what follows from both; tells why, if it ended early. */
async function trainEpoch(run: Run): Promise<EarlyEnd | undefined> {
  const { model, callbacks, progress } = run;
  const { optimizer, validation, signal } = run.options;
  model.train();
  const ended = await trainBatches(run);
  if (ended) return ended;
  const evaluation = validation && (await evaluate(model, validation, { signal }));
  // Perhaps of a part of the data only: whoever resumes evaluates again.
  if (validation && signal?.aborted) return 'aborted';
  const event = progress.closeEpoch(optimizer.lr, evaluation);
  const stops = await anyStops(callbacks, (callback) => callback.onEpoch?.(event));
  await run.checkpoints?.save(progress);
  if (signal?.aborted) return 'aborted';
  return stops ? 'stopped' : undefined;
}

/** The batches that are left of the epoch. */
async function trainBatches(run: Run): Promise<EarlyEnd | undefined> {
  const { model, options, progress } = run;
  let mark = performance.now();
  for (const { x, labels } of options.train.batches(progress.epoch, { from: progress.batch })) {
    const { steps: step, epoch, batch } = progress;
    if (options.schedule) options.optimizer.lr = options.schedule(step);
    const { lr } = options.optimizer;
    const result = await trainStep(model, x, labels, { ...options, step, epoch });
    progress.steps += 1;
    progress.batch += 1;
    progress.metrics.add(result.loss, result.correct, labels.length);
    progress.seconds += (performance.now() - mark) / 1000;
    mark = performance.now();
    const place = { step, epoch, batch, batches: options.train.length, lr };
    const event = stepEvent(place, labels.length, result);
    if (await anyStops(run.callbacks, (callback) => callback.onStep?.(event))) return 'stopped';
    await breathe();
    if (options.signal?.aborted) return 'aborted';
    await run.checkpoints?.saveIfDue(progress);
  }
  return undefined;
}

function stepEvent(
  place: Pick<StepEvent, 'step' | 'epoch' | 'batch' | 'batches' | 'lr'>,
  samples: number,
  { loss, correct, gradNorm }: TrainStepResult,
): StepEvent {
  const accuracy = correct / samples;
  return { ...place, samples, loss, accuracy, ...(gradNorm === undefined ? {} : { gradNorm }) };
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
