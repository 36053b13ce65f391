/**
 * @file One step of training: forward, backward, update.
 */
import type { Module } from '../nn/module.js';
import { clipGradNorm } from '../optim/clipGrad.js';
import type { Optimizer } from '../optim/optimizer.js';
import { scope } from '../tensor/scope.js';
import type { Tensor } from '../tensor/tensor.js';
import type { LossFunction } from './evaluate.js';
import { findNonFinite } from './findNonFinite.js';
import { countCorrect, predictedClasses } from './metrics.js';
import { NonFiniteError } from './nonFiniteError.js';

export interface TrainStepOptions {
  readonly optimizer: Optimizer;
  readonly loss: LossFunction;
  readonly clipNorm?: number | undefined;
  /** For the error: the step's number. */
  readonly step: number;
  readonly epoch: number;
}

export interface TrainStepResult {
  readonly loss: number;
  /** How many of the batch were classified correctly. */
  readonly correct: number;
  readonly gradNorm: number | undefined;
}

/**
 * Updates the weights from one batch, and frees it.
 *
 * @throws NonFiniteError before the update if loss or gradient norm aren't finite
 */
export async function trainStep(
  model: Module,
  x: Tensor,
  labels: Int32Array,
  options: TrainStepOptions,
): Promise<TrainStepResult> {
  const { optimizer, clipNorm } = options;
  const { loss, logits, values, gradNorm } = scope(() => {
    const output = model.forward(x);
    const cost = options.loss(output, labels);
    const [loss, logits] = [cost.detach(), output.detach()];
    // The read is asked for here, so that it needn't wait for the backward pass behind it.
    const values = Promise.all([loss.item(), logits.data()]);
    cost.backward();
    const gradNorm = clipNorm === undefined ? undefined : clipGradNorm(optimizer.parameters, clipNorm);
    return { loss, logits, values, gradNorm };
  });
  const [lossValue, logitValues] = await values;
  const normValue = await gradNorm?.item();
  for (const tensor of [loss, logits, gradNorm]) tensor?.dispose();
  await requireFinite('loss', lossValue, model, x, options);
  if (normValue !== undefined) await requireFinite('gradient norm', normValue, model, x, options);
  optimizer.step();
  optimizer.zeroGrad();
  x.dispose();
  const correct = countCorrect(predictedClasses(logitValues, labels.length), labels);
  return { loss: lossValue, correct, gradNorm: normValue };
}

async function requireFinite(
  what: string,
  value: number,
  model: Module,
  x: Tensor,
  { step, epoch }: TrainStepOptions,
): Promise<void> {
  if (Number.isFinite(value)) return;
  const where = (await findNonFinite(model, x)) ?? (what === 'loss' ? 'the loss itself' : 'the backward pass');
  x.dispose();
  throw new NonFiniteError(what, value, step, epoch, where);
}
