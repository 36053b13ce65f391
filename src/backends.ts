/**
 * @file Which kernel sets there are, and which is active on import.
 */
import { referenceKernels } from './kernels/reference/referenceKernels.js';
import { createWasmKernels } from './kernels/wasm/wasmKernels.js';
import { registerBackend } from './tensor/activeBackend.js';
import { insideScope } from './tensor/scope.js';

registerBackend('reference', () => referenceKernels, referenceKernels);

const wasm = createWasmKernels({ insideScope });

/** One memory for all options: tensors made before a change of options go on together with those made after it. */
registerBackend(
  'wasm',
  (options) => {
    wasm.configure({ ...options, insideScope });
    return wasm;
  },
  wasm,
);
