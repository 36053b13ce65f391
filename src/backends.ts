/**
 * @file Which kernel sets there are, and which is active on import.
 */
import { referenceKernels } from './kernels/reference/referenceKernels.js';
import { createWasmKernels } from './kernels/wasm/wasmKernels.js';
import { registerBackend } from './tensor/activeBackend.js';
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
