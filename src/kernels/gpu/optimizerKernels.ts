/**
 * @file Optimiser updates: one dispatch for several parameters and their states.
 */
import { BackendError } from '../../errors.js';
import type { AdamHyperparameters, AdamResult, Kernels, SgdHyperparameters, SgdResult, SgdUpdate } from '../kernels.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { type Batch, updateInBatches } from './updateBatches.js';

export function optimizerKernels(gpu: GpuRuntime): Pick<Kernels<GpuStorage>, 'sgdStep' | 'adamStep'> {
  return {
    sgdStep: (updates, options) => {
      const isFirst = ({ velocity }: SgdUpdate<GpuStorage>): boolean => velocity === undefined;
      const first = sgdSteps(gpu, updates.filter(isFirst), options);
      const later = sgdSteps(
        gpu,
        updates.filter((update) => !isFirst(update)),
        options,
      );
      const results = { first: first.values(), later: later.values() };
      return updates.flatMap((update) => results[isFirst(update) ? 'first' : 'later'].next().value ?? []);
    },

    adamStep: (updates, options) => {
      const all = updates.map(({ grad, parameter, first, second }) => ({ grad, replaced: [parameter, first, second] }));
      const results = updateInBatches(gpu, 'adamStep', all, 4, (batch) => runAdam(gpu, batch, options));
      return results.map(([parameter, first, second]): AdamResult<GpuStorage> => {
        if (!parameter || !first || !second) throw new BackendError('adamStep: too few results');
        return { parameter, first, second };
      });
    },
  };
}

/** Updates that all have a velocity, or none. */
function sgdSteps(
  gpu: GpuRuntime,
  updates: readonly SgdUpdate<GpuStorage>[],
  options: SgdHyperparameters,
): SgdResult<GpuStorage>[] {
  const all = updates.map(({ grad, parameter, velocity }) => ({
    grad,
    replaced: velocity && options.momentum !== 0 ? [parameter, velocity] : [parameter],
  }));
  const hasVelocity = all[0]?.replaced.length === 2;
  const results = updateInBatches(gpu, 'sgdStep', all, 5, (batch) => runSgd(gpu, batch, hasVelocity, options));
  return results.map(([parameter, velocity]): SgdResult<GpuStorage> => {
    if (!parameter) throw new BackendError('sgdStep: too few results');
    return { parameter, velocity };
  });
}

function runSgd(
  gpu: GpuRuntime,
  batch: Batch,
  hasVelocity: boolean,
  { lr, momentum, dampening, weightDecay, nesterov }: SgdHyperparameters,
): readonly GpuStorage[] {
  const { stride, cells } = batch;
  return gpu.runParts('sgdStep', programs.sgdStep, {
    inputs: {
      parameter: batch.replaced(0),
      velocity: batch.replaced(hasVelocity ? 1 : 0),
      grad0: batch.grad(0),
      grad1: batch.grad(1),
      grad2: batch.grad(2),
      grad3: batch.grad(3),
      grad4: batch.grad(4),
    },
    scalars: {
      stride,
      cells,
      ...beginsOf(batch),
      begin4: batch.begin(4),
      lr,
      momentum,
      kept: 1 - dampening,
      weightDecay,
    },
    constants: { hasVelocity: Number(hasVelocity), isNesterov: Number(nesterov && momentum !== 0) },
    lengths: batch.lengths(momentum === 0 ? 1 : 2),
  });
}

function runAdam(
  gpu: GpuRuntime,
  batch: Batch,
  { lr, beta1, beta2, eps, weightDecay, decoupled, step }: AdamHyperparameters,
): readonly GpuStorage[] {
  const { stride, cells } = batch;
  const inputs = { parameter: batch.replaced(0), first: batch.replaced(1), second: batch.replaced(2) };
  const grads = { grad0: batch.grad(0), grad1: batch.grad(1), grad2: batch.grad(2), grad3: batch.grad(3) };
  const rates = { rate: lr / (1 - beta1 ** step), rootScale: 1 / Math.sqrt(1 - beta2 ** step), eps };
  const decays = { beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, weightDecay, shrink: 1 - lr * weightDecay };
  return gpu.runParts('adamStep', programs.adamStep, {
    inputs: { ...inputs, ...grads },
    scalars: { stride, cells, ...beginsOf(batch), ...rates, ...decays },
    constants: { isDecoupled: Number(decoupled) },
    lengths: batch.lengths(3),
  });
}

function beginsOf(batch: Batch) {
  return { begin1: batch.begin(1), begin2: batch.begin(2), begin3: batch.begin(3) };
}
