/**
 * @file Tensors that a kernel reads as one.
 */
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import { type GpuStorage, placesOf } from './gpuStorage.js';

/** Tensors that one dispatch can copy. */
const MAX_PACKED = 7;

/** Tensors as one. */
export interface Joined {
  readonly whole: GpuStorage;
  /** To be called after the last use of `whole`. */
  free(): void;
}

/**
 * Tensors as one, each where `placesOf` tells. Outputs of one kernel, in their order, lie so already; others are copied.
 */
export function sideBySide(gpu: GpuRuntime, operation: string, storages: readonly GpuStorage[]): Joined {
  const view = gpu.viewOf(storages);
  if (view) return { whole: view, free: () => {} };
  const packed = pack(gpu, operation, storages);
  return { whole: packed, free: () => gpu.free(packed) };
}

function pack(gpu: GpuRuntime, operation: string, storages: readonly GpuStorage[]): GpuStorage {
  const parts = storages.slice(0, MAX_PACKED);
  const rest = storages.slice(MAX_PACKED);
  const packed = packFew(gpu, operation, parts);
  if (rest.length === 0) return packed;
  const whole = pack(gpu, operation, [packed, ...rest]);
  gpu.free(packed);
  return whole;
}

function packFew(gpu: GpuRuntime, operation: string, storages: readonly GpuStorage[]): GpuStorage {
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
