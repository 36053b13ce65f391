/**
 * softgrad/optim: optimisers, gradient clipping and learning-rate schedules.
 *
 * @packageDocumentation
 */
import '../backends.js';

export { Adam, type AdamOptions, AdamW } from './adam.js';
export { clipGradNorm, clipGradValue } from './clipGrad.js';
export {
  type Hyperparameters,
  Optimizer,
  type ParameterGroup,
  type ParameterGroupOptions,
  type ParameterUpdate,
} from './optimizer.js';
export type { OptimizerState, ParameterState } from './optimizerState.js';
export {
  type CosineOptions,
  constant,
  cosine,
  type OneCycleOptions,
  oneCycle,
  type Schedule,
  type StepDecayOptions,
  stepDecay,
} from './schedules.js';
export { SGD, type SgdOptions } from './sgd.js';
