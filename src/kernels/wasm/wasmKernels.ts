/**
 * @file The WebAssembly kernel set: SIMD kernels (assembly/) over one growing memory, on as many threads as there are cores.
 *
 * It needs no initialisation: memory is reserved and the binary compiled when the first kernel runs, threads are started by
 * the first kernel that is large enough for them.
 */
import type { BackendInfo, Kernels } from '../kernels.js';
import { convKernels } from './convKernels.js';
import { elementwiseKernels } from './elementwiseKernels.js';
import { matmulKernels } from './matmulKernels.js';
import { movementKernels } from './movementKernels.js';
import { normKernels } from './normKernels.js';
import { optimizerKernels } from './optimizerKernels.js';
import { PlanCache } from './planCache.js';
import { poolingKernels } from './poolingKernels.js';
import { reductionKernels } from './reductionKernels.js';
import { requireFloat32 } from './requireFloat32.js';
import { type WasmOptions, WasmRuntime } from './wasmRuntime.js';
import type { WasmStorage } from './wasmStorage.js';

/** The kernel contract, and what only this set can do. */
export interface WasmKernels extends Kernels<WasmStorage> {
  /** Takes other options; tensors stay valid. */
  configure(options: WasmOptions): void;
  /** Memory, threads and limits, for tests and benchmarks. */
  readonly runtime: WasmRuntime;
}

/**
 * A kernel set with a memory of its own.
 *
 * @param cellsForHelpers the work from which a kernel is shared with helper threads; tests lower it
 * @throws BackendError if the engine lacks the variant asked for
 */
export function createWasmKernels(options: WasmOptions = {}, cellsForHelpers?: number): WasmKernels {
  const runtime = new WasmRuntime(options, cellsForHelpers);
  const plans = new PlanCache(runtime);
  const readSync = (x: WasmStorage): Float32Array => runtime.view(x).slice();
  return {
    name: 'wasm',
    runtime,
    configure: (next) => runtime.configure(next),
    info: () => describe(runtime),
    upload: (data, dtype) => {
      requireFloat32('upload', dtype);
      return runtime.produce('upload', data.length, (y) => runtime.view(y).set(data));
    },
    read: async (x) => readSync(x),
    readSync,
    free: (x) => runtime.free(x),
    ...elementwiseKernels(runtime),
    ...movementKernels(runtime),
    ...reductionKernels(runtime),
    ...matmulKernels(runtime, plans),
    ...convKernels(runtime, plans),
    ...poolingKernels(runtime),
    ...normKernels(runtime),
    ...optimizerKernels(runtime),
  };
}

function describe({ variant, threads }: WasmRuntime): BackendInfo {
  const device = variant === 'relaxed' ? 'simd+fma' : 'simd';
  const description = `wasm ${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return { backend: 'wasm', description, dtypes: ['float32'], threads, device };
}
