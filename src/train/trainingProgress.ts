/**
 * @file How far a training is: the part of its state that is neither tensors nor random numbers.
 */
import type { Evaluation } from './evaluate.js';
import type { EpochEvent } from './fitEvents.js';
import type { JsonFields } from './jsonFields.js';
import { type MetricSums, RunningMetrics } from './metrics.js';

/** Plain data, as a checkpoint holds it. */
export interface ProgressState {
  /** Updates made. */
  readonly steps: number;
  /** Batches trained on in the epoch at hand. */
  readonly batch: number;
  /** Of the epoch at hand. */
  readonly metrics: MetricSums;
  /** Spent on the epoch at hand. */
  readonly seconds: number;
  /** Complete epochs. */
  readonly epochs: readonly EpochEvent[];
}

/** Steps, complete epochs, and the epoch at hand so far. */
export class TrainingProgress {
  steps = 0;
  batch = 0;
  seconds = 0;
  metrics = new RunningMetrics();
  readonly epochs: EpochEvent[] = [];

  constructor(state?: ProgressState) {
    if (!state) return;
    this.steps = state.steps;
    this.batch = state.batch;
    this.seconds = state.seconds;
    this.metrics = new RunningMetrics(state.metrics);
    this.epochs.push(...state.epochs);
  }

  /** The epoch at hand, counted from 0. */
  get epoch(): number {
    return this.epochs.length;
  }

  /** Completes the epoch at hand. */
  closeEpoch(lr: number, validation: Evaluation | undefined): EpochEvent {
    const { epoch, steps, seconds } = this;
    const { count: samples, loss, accuracy } = this.metrics;
    const event = { epoch, steps, samples, loss, accuracy, lr, seconds, ...(validation ? { validation } : {}) };
    this.epochs.push(event);
    this.batch = 0;
    this.seconds = 0;
    this.metrics = new RunningMetrics();
    return event;
  }

  get state(): ProgressState {
    const { steps, batch, seconds, epochs } = this;
    return { steps, batch, metrics: this.metrics.sums, seconds, epochs: [...epochs] };
  }
}

/**
 * The state that `fields` hold.
 *
 * @throws Error that names the member at fault
 */
export function readProgress(fields: JsonFields): ProgressState {
  const metrics = fields.object('metrics');
  return {
    steps: fields.count('steps'),
    batch: fields.count('batch'),
    metrics: { count: metrics.count('count'), loss: metrics.number('loss'), correct: metrics.count('correct') },
    seconds: fields.number('seconds'),
    epochs: fields.objects('epochs').map(readEpoch),
  };
}

function readEpoch(fields: JsonFields): EpochEvent {
  return {
    epoch: fields.count('epoch'),
    steps: fields.count('steps'),
    samples: fields.count('samples'),
    loss: fields.number('loss'),
    accuracy: fields.number('accuracy'),
    lr: fields.number('lr'),
    seconds: fields.number('seconds'),
    ...(fields.has('validation') ? { validation: readEvaluation(fields.object('validation')) } : {}),
  };
}

function readEvaluation(fields: JsonFields): Evaluation {
  return { loss: fields.number('loss'), accuracy: fields.number('accuracy'), count: fields.count('count') };
}
