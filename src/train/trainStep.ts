/**
 * @file One step of training: forward, backward, update.
 */
import type { Module } from '../nn/module.js';
import { clipGradNorm } from '../optim/clipGrad.js';
import type { Optimizer } from '../optim/optimizer.js';
import { scope } from '../tensor/scope.js';
import type { Tensor } from '../tensor/tensor.js';
import type { LossFunction } from './evaluate.js';
import { findNonFinite, findNonFiniteGradient } from './findNonFinite.js';
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
  await requireFinite('loss', lossValue, async () => (await findNonFinite(model, x)) ?? 'the loss itself', x, options);
  if (normValue !== undefined) {
    const backward = (output: Tensor): Tensor => options.loss(output, labels);
    const search = async () => (await findNonFiniteGradient(model, x, backward)) ?? 'the backward pass';
    await requireFinite('gradient norm', normValue, search, x, options);
  }
  optimizer.step();
  optimizer.zeroGrad();
  x.dispose();
  const correct = countCorrect(predictedClasses(logitValues, labels.length), labels);
  return { loss: lossValue, correct, gradNorm: normValue };
}

/** @param search finds where it began, for the error */
async function requireFinite(
  what: string,
  value: number,
  search: () => Promise<string>,
  x: Tensor,
  { step, epoch }: TrainStepOptions,
): Promise<void> {
  if (Number.isFinite(value)) return;
  const where = await search();
  x.dispose();
  throw new NonFiniteError(what, value, step, epoch, where);
}
