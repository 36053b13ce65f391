import { describeGpuKernels } from './describeGpuKernels.js';
import { whereAvailable } from './whereAvailable.js';

const mode = 'webasm';
await whereAvailable(mode, (kernels) => describeGpuKernels(mode, kernels, 40));
