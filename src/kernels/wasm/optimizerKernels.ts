/**
 * @file Optimiser updates, in place.
 */
import type {
  AdamHyperparameters,
  AdamResult,
  AdamUpdate,
  Kernels,
  SgdHyperparameters,
  SgdResult,
  SgdUpdate,
} from '../kernels.js';
import { elementTasks } from './elementTasks.js';
import type { WasmRuntime } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

export function optimizerKernels(runtime: WasmRuntime): Pick<Kernels<WasmStorage>, 'sgdStep' | 'adamStep'> {
  return {
    sgdStep: (updates, options) => updates.map((update) => sgdUpdate(runtime, update, options)),
    adamStep: (updates, options) => updates.map((update) => adamUpdate(runtime, update, options)),
  };
}

function sgdUpdate(
  runtime: WasmRuntime,
  { parameter, grad, velocity }: SgdUpdate<WasmStorage>,
  { lr, momentum, dampening, weightDecay, nesterov }: SgdHyperparameters,
): SgdResult<WasmStorage> {
  const { length } = parameter;
  const isFirst = velocity === undefined;
  const update = (state: WasmStorage | undefined): void => {
    const options = [lr, momentum, 1 - dampening, weightDecay, Number(nesterov), Number(isFirst)];
    const args = [parameter.address, grad.address, state?.address ?? 0, length, runtime.floats(options)];
    runtime.run('sgdStep', args, elementTasks(length));
  };
  if (momentum === 0) {
    update(undefined);
    return { parameter, velocity: undefined };
  }
  if (isFirst) return { parameter, velocity: runtime.produce('sgdStep', length, update) };
  update(velocity);
  return { parameter, velocity };
}

function adamUpdate(
  runtime: WasmRuntime,
  { parameter, grad, first, second }: AdamUpdate<WasmStorage>,
  { lr, beta1, beta2, eps, weightDecay, decoupled, step }: AdamHyperparameters,
): AdamResult<WasmStorage> {
  const { length } = parameter;
  const corrections = [1 / Math.sqrt(1 - beta2 ** step), lr / (1 - beta1 ** step), 1 - beta1, 1 - beta2];
  const options = runtime.floats([lr, beta1, beta2, eps, weightDecay, Number(decoupled), ...corrections]);
  const args = [parameter.address, grad.address, first.address, second.address, length, options];
  runtime.run('adamStep', args, elementTasks(length));
  return { parameter, first, second };
}
