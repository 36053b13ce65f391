/**
 * softgrad/train: the training loop, evaluation and checkpoints.
 *
 * @packageDocumentation
 */
import '../backends.js';

export { loadCheckpoint, saveCheckpoint } from './checkpoint.js';
export { type Batches, type EvaluateOptions, type Evaluation, evaluate, type LossFunction } from './evaluate.js';
export { findNonFinite } from './findNonFinite.js';
export { type EpochEvent, type FitCallbacks, type FitOptions, fit, type History, type StepEvent } from './fit.js';
export { countCorrect, predictedClasses, RunningMetrics } from './metrics.js';
export { NonFiniteError } from './nonFiniteError.js';
export { type TrainStepOptions, type TrainStepResult, trainStep } from './trainStep.js';
