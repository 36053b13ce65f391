/**
 * @file Updates of several parameters at once, which lie side by side, as do their states. Outputs, `stride` cells apart: the
 * parameters, then each state. The gradients come in several tensors, of which each but the first begins at its own cell.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';

/** Outputs: parameters, velocities. `kept` is 1 − dampening. */
export function sgdStep(
  this: Kernel<'hasVelocity' | 'isNesterov'>,
  parameter: Cells,
  velocity: Cells,
  grad0: Cells,
  grad1: Cells,
  grad2: Cells,
  grad3: Cells,
  grad4: Cells,
  begin: number,
  stride: number,
  cells: number,
  begin1: number,
  begin2: number,
  begin3: number,
  begin4: number,
  lr: number,
  momentum: number,
  kept: number,
  weightDecay: number,
): number {
  const output = quotient(this.thread.x + begin, stride);
  const at = this.thread.x + begin - output * stride;
  if (at >= cells) return 0;
  let gradient = 0;
  if (at >= begin4) gradient = grad4[at - begin4];
  else if (at >= begin3) gradient = grad3[at - begin3];
  else if (at >= begin2) gradient = grad2[at - begin2];
  else if (at >= begin1) gradient = grad1[at - begin1];
  else gradient = grad0[at];
  const value = parameter[at];
  gradient += weightDecay * value;
  let next = gradient;
  if (this.constants.hasVelocity > 0) next = momentum * velocity[at] + kept * gradient;
  if (output > 0) return next;
  if (this.constants.isNesterov > 0) next = gradient + momentum * next;
  return value - lr * next;
}

/**
 * Outputs: parameters, first and second moments. `rest1` is 1 − β₁, `rest2` 1 − β₂, `rate` lr/(1 − β₁ᵗ), `rootScale`
 * 1/√(1 − β₂ᵗ); `shrink` is what decoupled decay leaves of a parameter.
 */
export function adamStep(
  this: Kernel<'isDecoupled'>,
  parameter: Cells,
  first: Cells,
  second: Cells,
  grad0: Cells,
  grad1: Cells,
  grad2: Cells,
  grad3: Cells,
  begin: number,
  stride: number,
  cells: number,
  begin1: number,
  begin2: number,
  begin3: number,
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
  let gradient = 0;
  if (at >= begin3) gradient = grad3[at - begin3];
  else if (at >= begin2) gradient = grad2[at - begin2];
  else if (at >= begin1) gradient = grad1[at - begin1];
  else gradient = grad0[at];
  let value = parameter[at];
  if (this.constants.isDecoupled > 0) value *= shrink;
  else gradient += weightDecay * value;
  const average = beta1 * first[at] + rest1 * gradient;
  if (output === 1) return average;
  const square = beta2 * second[at] + rest2 * gradient * gradient;
  if (output === 2) return square;
  return value - rate * (average / (Math.sqrt(square) * rootScale + eps));
}
