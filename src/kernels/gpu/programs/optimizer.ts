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
