/**
 * @file Parameter updates, in PyTorch's formulas and order of operations. They work in place.
 */
import type {
  AdamHyperparameters,
  AdamResult,
  AdamUpdate,
  SgdHyperparameters,
  SgdResult,
  SgdUpdate,
} from '../kernels.js';
import { allocate, at, type ReferenceStorage } from './storage.js';

export function sgdStep(
  updates: readonly SgdUpdate<ReferenceStorage>[],
  options: SgdHyperparameters,
): SgdResult<ReferenceStorage>[] {
  return updates.map((update) => sgdUpdate(update, options));
}

export function adamStep(
  updates: readonly AdamUpdate<ReferenceStorage>[],
  options: AdamHyperparameters,
): AdamResult<ReferenceStorage>[] {
  return updates.map((update) => adamUpdate(update, options));
}

function sgdUpdate(
  { parameter, grad, velocity }: SgdUpdate<ReferenceStorage>,
  { lr, momentum, dampening, weightDecay, nesterov }: SgdHyperparameters,
): SgdResult<ReferenceStorage> {
  const next = momentum === 0 ? undefined : (velocity ?? allocate(parameter.length, parameter.dtype));
  for (let i = 0; i < parameter.length; i++) {
    const value = at(parameter.values, i);
    const decayed = at(grad.values, i) + weightDecay * value;
    let step = decayed;
    if (next) {
      const v = velocity ? momentum * at(velocity.values, i) + (1 - dampening) * decayed : decayed;
      next.values[i] = v;
      step = nesterov ? decayed + momentum * v : v;
    }
    parameter.values[i] = value - lr * step;
  }
  return { parameter, velocity: next };
}

function adamUpdate(
  { parameter, grad, first, second }: AdamUpdate<ReferenceStorage>,
  { lr, beta1, beta2, eps, weightDecay, decoupled, step }: AdamHyperparameters,
): AdamResult<ReferenceStorage> {
  const [correction1, correction2] = [1 - beta1 ** step, 1 - beta2 ** step];
  for (let i = 0; i < parameter.length; i++) {
    const value = at(parameter.values, i) * (decoupled ? 1 - lr * weightDecay : 1);
    const g = at(grad.values, i) + (decoupled ? 0 : weightDecay * value);
    const m = beta1 * at(first.values, i) + (1 - beta1) * g;
    const v = beta2 * at(second.values, i) + (1 - beta2) * g * g;
    first.values[i] = m;
    second.values[i] = v;
    parameter.values[i] = value - (lr / correction1) * (m / (Math.sqrt(v) / Math.sqrt(correction2) + eps));
  }
  return { parameter, first, second };
}
