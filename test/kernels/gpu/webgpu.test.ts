import { describeGpuKernels } from './describeGpuKernels.js';
import { whereAvailable } from './whereAvailable.js';

const mode = 'webgpu';
await whereAvailable(mode, (kernels) => describeGpuKernels(mode, kernels, 25));
