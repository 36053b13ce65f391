/** @file The gpu kernels, the order in which they run, and the kernels that are kept compiled. */
import { type Mutant, named } from './mutant.js';

const runtime = (...titles: readonly string[]) => named('test/kernels/gpu/gpuRuntime.test.ts', ...titles);
const cpuMode = (method: string) =>
  named('test/kernels/gpu/cpu.test.ts', 'gpu cpu agrees with the reference set', method);

export const gpu: readonly Mutant[] = [
  {
    defect: 'a compiled kernel is found again by its program alone',
    file: 'src/kernels/gpu/kernelCache.ts',
    text: 'for (const name of program.constants) key += ` ${constants[name]}`;',
    replacement: 'void constants;',
    because: 'a stale key: networks of one geometry work',
    test: runtime('compiled kernels', 'are told apart by each of their constants'),
  },
  {
    defect: 'a compiled kernel serves outputs of every length where it must not',
    file: 'src/kernels/gpu/kernelCache.ts',
    text: 'key += `: ${length}`;',
    replacement: 'void length;',
    because: 'a stale key: WebGPU kernels serve every length',
    test: runtime('compiled kernels', 'are told apart by length and inputs where a mode depends on them'),
  },
  {
    defect: 'a tensor is freed while calls that read it still wait',
    file: 'src/kernels/gpu/gpuRuntime.ts',
    text: 'this.#inOrder(() => this.#release(x));',
    replacement: 'this.#release(x);',
    because: 'kernels that are compiled already do not show it',
    test: runtime('calls', 'keep their order, whichever kernel is compiled first'),
  },
  {
    defect: 'two strides of a broadcast are swapped',
    file: 'src/kernels/gpu/programs/strided.ts',
    text: 'volume * step0 + (plane - volume * extent1) * step1 + (row - plane * extent2) * step2 + (i - row * extent3) * step3',
    replacement:
      'volume * step0 + (plane - volume * extent1) * step2 + (row - plane * extent2) * step1 + (i - row * extent3) * step3',
    because: 'eight parameters in a row',
    test: cpuMode('gatherStrided'),
  },
  {
    defect: 'columns of a convolution are padded as rows are',
    file: 'src/kernels/gpu/programs/conv.ts',
    text: '(this.thread.x - row * this.constants.outWidth) * this.constants.strideWidth - this.constants.paddingWidth;',
    replacement:
      '(this.thread.x - row * this.constants.outWidth) * this.constants.strideWidth - this.constants.paddingHeight;',
    because: 'equal paddings do not show it',
    test: cpuMode('conv'),
  },
  {
    defect: 'what stands between two kernels of cross entropy is never freed',
    file: 'src/kernels/gpu/rowKernels.ts',
    text: 'gpu.free(norms);',
    replacement: 'void norms;',
    because: 'everything is right without it, for a while',
    test: named('test/kernels/gpu/training.test.ts', 'training on gpu webasm', 'stays on the device'),
  },
  {
    defect: 'running statistics on the GPU follow the biased variance',
    file: 'src/kernels/gpu/normKernels.ts',
    text: 'unbiased: count / (count - 1)',
    replacement: 'unbiased: 1',
    because: 'the batch’s own variance is biased',
    test: cpuMode('batchNormStatistics'),
  },
];
