import { describeGpuKernels } from './describeGpuKernels.js';
import { whereAvailable } from './whereAvailable.js';

const mode = 'cpu';
await whereAvailable(mode, (kernels) => describeGpuKernels(mode, kernels, 60));
