/**
 * @file What the training loop tells of its steps and epochs.
 */
import type { Evaluation } from './evaluate.js';

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

/** Where a training goes on from a checkpoint. */
export interface ResumeEvent {
  /** Steps made before. */
  readonly steps: number;
  /** The epoch that it goes on in, counted from 0. */
  readonly epoch: number;
  /** The batch of that epoch that comes next. */
  readonly batch: number;
  /** Complete epochs. */
  readonly epochs: readonly EpochEvent[];
}

/**
 * Called after every step or epoch, and awaited. Whoever returns `'stop'` ends the training there. A training that was killed
 * and resumed repeats the steps since its last checkpoint, and tells of them again.
 */
export interface FitCallbacks {
  /** Once, before the first step, where a checkpoint was found. */
  onResume?(event: ResumeEvent): unknown;
  onStep?(event: StepEvent): unknown;
  onEpoch?(event: EpochEvent): unknown;
}

export interface History {
  /** Complete epochs; after a resumption, also those before it. */
  readonly epochs: readonly EpochEvent[];
  /** Updates made. */
  readonly steps: number;
  /** Why it ended: all epochs done, a callback said so, or the signal. */
  readonly ended: 'complete' | 'stopped' | 'aborted';
}
