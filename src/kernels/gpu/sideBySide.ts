/**
 * @file Tensors that a kernel reads as one.
 */
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import { type GpuStorage, placesOf } from './gpuStorage.js';

/** Tensors that one dispatch can pack. */
export const MAX_PACKED = 7;

/**
 * Calls `use` with up to seven tensors as one, each where `placesOf` tells. Outputs of one kernel lie so already; others are
 * copied.
 */
export function sideBySide<T>(
  gpu: GpuRuntime,
  operation: string,
  storages: readonly GpuStorage[],
  use: (whole: GpuStorage) => T,
): T {
  const view = gpu.viewOf(storages);
  if (view) return use(view);
  const packed = pack(gpu, operation, storages);
  const result = use(packed);
  gpu.free(packed);
  return result;
}

function pack(gpu: GpuRuntime, operation: string, storages: readonly GpuStorage[]): GpuStorage {
  const [part0, part1 = part0, part2 = part0, part3 = part0, part4 = part0, part5 = part0, part6 = part0] = storages;
  if (!part0 || !part1 || !part2 || !part3 || !part4 || !part5 || !part6) return gpu.upload(operation, []);
  const { begins, end } = placesOf(storages.map(({ length }) => length));
  const [, begin1 = end, begin2 = end, begin3 = end, begin4 = end, begin5 = end, begin6 = end] = begins;
  return gpu.run(operation, programs.pack, {
    inputs: { part0, part1, part2, part3, part4, part5, part6 },
    scalars: { begin1, begin2, begin3, begin4, begin5, begin6 },
    length: end,
  });
}
