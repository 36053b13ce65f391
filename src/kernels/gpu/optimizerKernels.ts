/**
 * @file Optimiser updates: one dispatch for a parameter and its state.
 */
import type { Kernels } from '../kernels.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import { type GpuStorage, partStride } from './gpuStorage.js';

export function optimizerKernels(gpu: GpuRuntime): Pick<Kernels<GpuStorage>, 'sgdStep'> {
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
  };
}
