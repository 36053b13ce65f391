/**
 * @file Which kernel sets there are, and which is active on import.
 */
import { referenceKernels } from './kernels/reference/referenceKernels.js';
import { registerBackend } from './tensor/activeBackend.js';

registerBackend('reference', () => referenceKernels, referenceKernels);
