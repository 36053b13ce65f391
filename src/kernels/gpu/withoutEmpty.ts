/**
 * @file Sums over an axis of length 0: kernels need tensors to be called with, even if they read none of their cells.
 */
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';

/** Calls `act` with tensors that all have memory: one cell, 0, stands in for those that have no cells. */
export function withoutEmpty<T extends readonly GpuStorage[]>(
  gpu: GpuRuntime,
  operation: string,
  inputs: readonly [...T],
  act: (...inputs: readonly [...T]) => GpuStorage,
): GpuStorage {
  if (inputs.every(({ length }) => length > 0)) return act(...inputs);
  const zero = gpu.run(operation, programs.fill, { inputs: {}, scalars: { value: 0 }, length: 1 });
  const result = act(...(inputs.map((input) => (input.length > 0 ? input : zero)) as [...T]));
  gpu.free(zero);
  return result;
}
