/**
 * @file Parameter updates. Each has several outputs that lie side by side, `stride` cells apart: the parameter, then its state.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';

/** Outputs: parameter, velocity. `kept` is 1 − dampening. */
export function sgdStep(
  this: Kernel<'hasVelocity' | 'isNesterov'>,
  parameter: Cells,
  grad: Cells,
  velocity: Cells,
  begin: number,
  stride: number,
  cells: number,
  lr: number,
  momentum: number,
  kept: number,
  weightDecay: number,
): number {
  const output = quotient(this.thread.x + begin, stride);
  const at = this.thread.x + begin - output * stride;
  if (at >= cells) return 0;
  const value = parameter[at];
  const decayed = grad[at] + weightDecay * value;
  let next = decayed;
  if (this.constants.hasVelocity > 0) next = momentum * velocity[at] + kept * decayed;
  if (output > 0) return next;
  if (this.constants.isNesterov > 0) next = decayed + momentum * next;
  return value - lr * next;
}

/**
 * Outputs: parameter, first and second moment. `rest1` is 1 − β₁, `rest2` 1 − β₂, `rate` lr/(1 − β₁ᵗ), `rootScale` 1/√(1 − β₂ᵗ);
 * `shrink` is what decoupled decay leaves of the parameter.
 */
export function adamStep(
  this: Kernel<'isDecoupled'>,
  parameter: Cells,
  grad: Cells,
  first: Cells,
  second: Cells,
  begin: number,
  stride: number,
  cells: number,
  beta1: number,
  rest1: number,
  beta2: number,
  rest2: number,
  rate: number,
  rootScale: number,
  eps: number,
  weightDecay: number,
  shrink: number,
): number {
  const output = quotient(this.thread.x + begin, stride);
  const at = this.thread.x + begin - output * stride;
  if (at >= cells) return 0;
  let value = parameter[at];
  let gradient = grad[at];
  if (this.constants.isDecoupled > 0) value *= shrink;
  else gradient += weightDecay * value;
  const average = beta1 * first[at] + rest1 * gradient;
  if (output === 1) return average;
  const square = beta2 * second[at] + rest2 * gradient * gradient;
  if (output === 2) return square;
  return value - rate * (average / (Math.sqrt(square) * rootScale + eps));
}
