/**
 * @file Loss and accuracy over many batches.
 */
import type { FloatArray } from '../kernels/kernels.js';

/** Sums over the samples seen so far. */
export interface MetricSums {
  readonly count: number;
  readonly loss: number;
  readonly correct: number;
}

/** Means over the samples seen so far. */
export class RunningMetrics {
  count: number;
  #loss: number;
  #correct: number;

  /** @param sums what was seen before, to go on from there */
  constructor(sums: MetricSums = { count: 0, loss: 0, correct: 0 }) {
    this.count = sums.count;
    this.#loss = sums.loss;
    this.#correct = sums.correct;
  }

  /** For a checkpoint. */
  get sums(): MetricSums {
    return { count: this.count, loss: this.#loss, correct: this.#correct };
  }

  /** @param loss the batch's mean loss */
  add(loss: number, correct: number, count: number): void {
    this.count += count;
    this.#loss += loss * count;
    this.#correct += correct;
  }

  /** Mean loss per sample; NaN before the first. */
  get loss(): number {
    return this.#loss / this.count;
  }

  /** Share of samples that were classified correctly, 0 to 1; NaN before the first. */
  get accuracy(): number {
    return this.#correct / this.count;
  }
}

/** The class with the largest logit of each row of `[N, classes]`; the first of equal ones. */
export function predictedClasses(logits: FloatArray, count: number): Int32Array {
  const classes = logits.length / count;
  return Int32Array.from({ length: count }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if (logits[row * classes + c]! > logits[row * classes + best]!) best = c;
    }
    return best;
  });
}

/** How many predictions equal their label. */
export function countCorrect(predicted: Int32Array, labels: ArrayLike<number>): number {
  return predicted.reduce((correct, value, i) => correct + (value === labels[i] ? 1 : 0), 0);
}
