/**
 * @file Optimiser updates: one dispatch for a parameter and its state.
 */
import type { AdamHyperparameters, Kernels } from '../kernels.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import { type GpuStorage, partStride } from './gpuStorage.js';

export function optimizerKernels(gpu: GpuRuntime): Pick<Kernels<GpuStorage>, 'sgdStep' | 'adamStep'> {
  return {
    sgdStep: (parameter, grad, velocity, { lr, momentum, dampening, weightDecay, nesterov }) => {
      const { length } = parameter;
      const hasVelocity = momentum !== 0 && velocity !== undefined;
      const call = {
        inputs: { parameter, grad, velocity: (hasVelocity && velocity) || parameter },
        scalars: { stride: partStride(length), cells: length, lr, momentum, kept: 1 - dampening, weightDecay },
        constants: { hasVelocity: Number(hasVelocity), isNesterov: Number(nesterov && momentum !== 0) },
      };
      const [nextParameter, nextVelocity] = gpu.runParts('sgdStep', programs.sgdStep, {
        ...call,
        lengths: [length, ...(momentum === 0 ? [] : [length])],
      });
      gpu.free(parameter);
      if (hasVelocity) gpu.free(velocity);
      return nextVelocity ? { parameter: nextParameter, velocity: nextVelocity } : { parameter: nextParameter };
    },

    adamStep: (parameter, grad, { first, second }, options) => {
      const { length } = parameter;
      const [nextParameter, nextFirst, nextSecond] = gpu.runParts('adamStep', programs.adamStep, {
        inputs: { parameter, grad, first, second },
        scalars: { stride: partStride(length), cells: length, ...adamScalars(options) },
        constants: { isDecoupled: Number(options.decoupled) },
        lengths: [length, length, length],
      });
      for (const consumed of [parameter, first, second]) gpu.free(consumed);
      return { parameter: nextParameter, first: nextFirst, second: nextSecond };
    },
  };
}

/** The numbers of programs/optimizer.ts. */
function adamScalars({ lr, beta1, beta2, eps, weightDecay, step }: AdamHyperparameters) {
  return {
    beta1,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    rate: lr / (1 - beta1 ** step),
    rootScale: 1 / Math.sqrt(1 - beta2 ** step),
    eps,
    weightDecay,
    shrink: 1 - lr * weightDecay,
  };
}
