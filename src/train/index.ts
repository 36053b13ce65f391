/**
 * softgrad/train: the training loop, evaluation and checkpoints.
 *
 * @packageDocumentation
 */
import '../backends.js';

export { loadCheckpoint, saveCheckpoint } from './checkpoint.js';
export { CheckpointError } from './checkpointError.js';
export type { CheckpointOptions } from './checkpoints.js';
export { type Batches, type EvaluateOptions, type Evaluation, evaluate, type LossFunction } from './evaluate.js';
export { findNonFinite } from './findNonFinite.js';
export { type FitOptions, fit } from './fit.js';
export type { EpochEvent, FitCallbacks, History, ResumeEvent, StepEvent } from './fitEvents.js';
export { countCorrect, type MetricSums, predictedClasses, RunningMetrics } from './metrics.js';
export { NonFiniteError } from './nonFiniteError.js';
export { loadTraining, saveTraining, type Training } from './trainingCheckpoint.js';
export type { ProgressState } from './trainingProgress.js';
export { type TrainStepOptions, type TrainStepResult, trainStep } from './trainStep.js';
