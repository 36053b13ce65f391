/**
 * @file Functions of the rows of [outer, axisSize, inner]: softmax, cross entropy, the index of the maximum.
 *
 * A row's norms are its maximum m and log Σ exp(x − m).
 */
import { larger } from './binaryFunctions.js';
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';
import { exponential, logarithm } from './unaryFunctions.js';

/** 1 unless the value is NaN. */
export function isNumber(x: number): number {
  if (x > 0 || x <= 0) return 1;
  return 0;
}

/** The share of a class in the target of a row: the label's is 1 − smoothing, and smoothing is spread evenly over all. */
export function targetWeight(label: number, position: number, classes: number, smoothing: number): number {
  if (position === label) return smoothing / classes + 1 - smoothing;
  return smoothing / classes;
}

/** The index of the first maximum; NaN is larger than any number. */
export function argMax(this: Kernel<'axisSize' | 'inner'>, x: Cells): number {
  const row = quotient(this.thread.x, this.constants.inner);
  let at = row * this.constants.axisSize * this.constants.inner + this.thread.x - row * this.constants.inner;
  let best = 0;
  let largest = x[at];
  for (let position = 1; position < this.constants.axisSize; position++) {
    at += this.constants.inner;
    const value = x[at];
    if (value > largest || isNumber(largest) > isNumber(value)) {
      best = position;
      largest = value;
    }
  }
  return best;
}

/** The norms of each row: [outer, inner, 4], two of which are used. */
export function rowNorms(this: Kernel<'axisSize' | 'inner'>, x: Cells): Quad {
  const row = quotient(this.thread.x, this.constants.inner);
  const origin = row * this.constants.axisSize * this.constants.inner + this.thread.x - row * this.constants.inner;
  let at = origin;
  let largest = x[at];
  for (let position = 1; position < this.constants.axisSize; position++) {
    at += this.constants.inner;
    largest = larger(largest, x[at]);
  }
  at = origin;
  let total = 0;
  for (let position = 0; position < this.constants.axisSize; position++) {
    total += exponential(x[at] - largest);
    at += this.constants.inner;
  }
  return [largest, logarithm(total), 0, 0];
}

/** Softmax, or its logarithm. */
export function softmax(this: Kernel<'axisSize' | 'inner' | 'isLogarithm'>, x: Cells, norms: Cells): number {
  const line = quotient(this.thread.x, this.constants.inner);
  const row = quotient(line, this.constants.axisSize);
  const at = 4 * (row * this.constants.inner + this.thread.x - line * this.constants.inner);
  const log = x[this.thread.x] - norms[at] - norms[at + 1];
  if (this.constants.isLogarithm > 0) return log;
  return exponential(log);
}

/** The loss of each row. */
export function crossEntropy(
  this: Kernel<'axisSize' | 'inner'>,
  logits: Cells,
  labels: Cells,
  smoothing: number,
): number {
  const row = quotient(this.thread.x, this.constants.inner);
  const origin = row * this.constants.axisSize * this.constants.inner + this.thread.x - row * this.constants.inner;
  let at = origin;
  let largest = logits[at];
  for (let position = 1; position < this.constants.axisSize; position++) {
    at += this.constants.inner;
    largest = larger(largest, logits[at]);
  }
  at = origin;
  let total = 0;
  for (let position = 0; position < this.constants.axisSize; position++) {
    total += exponential(logits[at] - largest);
    at += this.constants.inner;
  }
  const log = logarithm(total);
  at = origin;
  let loss = 0;
  for (let position = 0; position < this.constants.axisSize; position++) {
    const share = targetWeight(labels[this.thread.x], position, this.constants.axisSize, smoothing);
    if (share > 0) loss -= share * (logits[at] - largest - log);
    at += this.constants.inner;
  }
  return loss;
}

/** The gradient of each logit. */
export function crossEntropyGrad(
  this: Kernel<'axisSize' | 'inner'>,
  cotangent: Cells,
  logits: Cells,
  labels: Cells,
  norms: Cells,
  smoothing: number,
): number {
  const line = quotient(this.thread.x, this.constants.inner);
  const outerRow = quotient(line, this.constants.axisSize);
  const row = outerRow * this.constants.inner + this.thread.x - line * this.constants.inner;
  const position = line - outerRow * this.constants.axisSize;
  const probability = exponential(logits[this.thread.x] - norms[4 * row] - norms[4 * row + 1]);
  return cotangent[row] * (probability - targetWeight(labels[row], position, this.constants.axisSize, smoothing));
}
