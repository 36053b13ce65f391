/**
 * @file Which kernel sets there are, and which is active on import.
 */
import { ReferenceKernels } from './kernels/reference/referenceKernels.js';
import { registerBackend } from './tensor/activeBackend.js';

const reference = new ReferenceKernels();
registerBackend('reference', () => reference, reference);
