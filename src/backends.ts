/**
 * @file Which kernel sets there are, and which is active on import.
 */
import type { GpuKernels } from './kernels/gpu/gpuKernels.js';
import type { GpuOptions } from './kernels/gpu/loadGpuKernels.js';
import { referenceKernels } from './kernels/reference/referenceKernels.js';
import { createWasmKernels } from './kernels/wasm/wasmKernels.js';
import { registerBackend, registerLazyBackend } from './tensor/activeBackend.js';
import { insideScope } from './tensor/scope.js';

const wasm = createWasmKernels({ insideScope });

/** First, and thus active on import. One memory for all options: tensors made before a change of options go on together with those made after it. */
registerBackend(
  'wasm',
  (options) => {
    wasm.configure({ ...options, insideScope });
    return wasm;
  },
  wasm,
);

registerBackend('reference', () => referenceKernels, referenceKernels);

/** Loaded when first asked for. One set per mode: tensors made before another mode was chosen go on with those made after it. */
const gpuSets = new Map<string, GpuKernels>();
registerLazyBackend(
  'gpu',
  async (options: GpuOptions = {}) => {
    const { loadGpuKernels } = await import('./kernels/gpu/loadGpuKernels.js');
    return loadGpuKernels(options, gpuSets);
  },
  { mode: 'auto' },
);
