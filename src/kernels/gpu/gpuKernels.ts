/**
 * @file The gpu kernel set: gpu.js kernels (programs/) on whatever a mode offers.
 */
import type { BackendInfo, Kernels } from '../kernels.js';
import type { Adapter } from './adapters/adapter.js';
import { convKernels } from './convKernels.js';
import { elementwiseKernels } from './elementwiseKernels.js';
import { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { matmulKernels } from './matmulKernels.js';
import { movementKernels } from './movementKernels.js';
import { normKernels } from './normKernels.js';
import { optimizerKernels } from './optimizerKernels.js';
import { poolingKernels } from './poolingKernels.js';
import { reductionKernels } from './reductionKernels.js';
import { requireFloat32 } from './requireFloat32.js';
import { rowKernels } from './rowKernels.js';
import { softPoolKernels } from './softPoolKernels.js';

/** The kernel contract, and what only this set can do. */
export interface GpuKernels extends Kernels<GpuStorage> {
  /** Queue, caches and counters, for tests and benchmarks. */
  readonly runtime: GpuRuntime;
}

/** A kernel set on an adapter. */
export function createGpuKernels(adapter: Adapter): GpuKernels {
  const runtime = new GpuRuntime(adapter);
  return {
    name: 'gpu',
    runtime,
    info: () => describe(adapter),
    upload: (data, dtype) => {
      requireFloat32('upload', dtype);
      return runtime.upload('upload', data);
    },
    read: (x) => runtime.read(x),
    readSync: (x) => runtime.readSync(x),
    free: (x) => runtime.free(x),
    ...elementwiseKernels(runtime),
    ...convKernels(runtime),
    ...matmulKernels(runtime),
    ...movementKernels(runtime),
    ...poolingKernels(runtime),
    ...softPoolKernels(runtime),
    ...reductionKernels(runtime),
    ...rowKernels(runtime),
    ...normKernels(runtime),
    ...optimizerKernels(runtime),
  };
}

function describe({ mode, device }: Adapter): BackendInfo {
  return { backend: 'gpu', mode, description: `gpu ${mode}, ${device}`, dtypes: ['float32'], threads: 1, device };
}
