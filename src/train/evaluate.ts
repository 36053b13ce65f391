/**
 * @file How well a model does on data that it doesn't learn from.
 */
import type { Batch } from '../data/dataLoader.js';
import type { Module } from '../nn/module.js';
import { crossEntropy } from '../ops/index.js';
import { noGrad } from '../tensor/gradMode.js';
import { scope } from '../tensor/scope.js';
import type { Tensor } from '../tensor/tensor.js';
import { breathe } from './breathe.js';
import { countCorrect, predictedClasses, RunningMetrics } from './metrics.js';

/** From logits `[N, classes]` and labels `[N]` to a scalar, the batch's mean loss. */
export type LossFunction = (logits: Tensor, labels: Int32Array) => Tensor;

/** Anything that yields batches, such as a `DataLoader`. */
export type Batches = Iterable<Pick<Batch, 'x' | 'labels'>>;

export interface EvaluateOptions {
  /** Default: cross entropy. */
  readonly loss?: LossFunction | undefined;
  /** Count which class was taken for which. Default false. */
  readonly confusion?: boolean | undefined;
  /** Keep the predicted class of every sample. Default false. */
  readonly predictions?: boolean | undefined;
  /** Stops between batches; what was seen until then is returned. */
  readonly signal?: AbortSignal | undefined;
}

export interface Evaluation {
  /** Mean loss per sample. */
  readonly loss: number;
  /** Share of samples classified correctly, 0 to 1. */
  readonly accuracy: number;
  /** Samples seen. */
  readonly count: number;
  /** `confusion[label][prediction]`, where asked for. */
  readonly confusion?: readonly (readonly number[])[];
  /** The predicted class of each sample, in the order of the data, where asked for. */
  readonly predictions?: Int32Array;
}

/**
 * Runs `model` in evaluation mode over every batch of `data`, once, and puts each module back into the mode it was in.
 * Batches are freed after use.
 */
export async function evaluate(model: Module, data: Batches, options: EvaluateOptions = {}): Promise<Evaluation> {
  const { loss: lossOf = crossEntropy, signal } = options;
  return evaluating(model, async () => {
    const metrics = new RunningMetrics();
    const confusion: number[][] = [];
    const predictions: number[] = [];
    for (const { x, labels } of data) {
      const { loss, logits } = scope(() =>
        noGrad(() => {
          const output = model.forward(x);
          return { logits: output, loss: lossOf(output, labels) };
        }),
      );
      x.dispose();
      const [lossValue, logitValues] = await Promise.all([loss.item(), logits.data()]);
      loss.dispose();
      logits.dispose();
      const predicted = predictedClasses(logitValues, labels.length);
      metrics.add(lossValue, countCorrect(predicted, labels), labels.length);
      if (options.predictions) predictions.push(...predicted);
      if (options.confusion) count(confusion, labels, predicted, logitValues.length / labels.length);
      await breathe();
      if (signal?.aborted) break;
    }
    const { loss, accuracy, count: seen } = metrics;
    return {
      ...{ loss, accuracy, count: seen },
      ...(options.confusion ? { confusion } : {}),
      ...(options.predictions ? { predictions: Int32Array.from(predictions) } : {}),
    };
  });
}

/** Runs `body` with `model` in evaluation mode, then puts each module back into its own. */
async function evaluating<T>(model: Module, body: () => Promise<T>): Promise<T> {
  const modes = model.modules().map((module) => [module, module.training] as const);
  model.eval();
  try {
    return await body();
  } finally {
    for (const [module, mode] of modes) module.training = mode;
  }
}

function count(confusion: number[][], labels: Int32Array, predicted: Int32Array, classes: number): void {
  while (confusion.length < classes) confusion.push(new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    confusion[label]![predicted[i]!]! += 1;
  });
}
