/**
 * @file Functions of rows: softmax, cross entropy, the index of the maximum.
 */
import type { Kernels } from '../kernels.js';
import type { RowGeometry } from '../layouts.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';

type RowKernels = Pick<Kernels<GpuStorage>, 'argMax' | 'softmax' | 'crossEntropy' | 'crossEntropyGrad'>;

export function rowKernels(gpu: GpuRuntime): RowKernels {
  return {
    argMax: (x, rows) =>
      gpu.run('argMax', programs.argMax, {
        inputs: { x },
        constants: constantsOf(rows),
        length: rows.outer * rows.inner,
      }),

    softmax: (x, rows, log) =>
      withNorms(gpu, 'softmax', x, rows, (norms) =>
        gpu.run('softmax', programs.softmax, {
          inputs: { x, norms },
          constants: { ...constantsOf(rows), isLogarithm: Number(log) },
          length: x.length,
        }),
      ),

    crossEntropy: (logits, labels, rows, labelSmoothing) =>
      gpu.run('crossEntropy', programs.crossEntropy, {
        inputs: { logits, labels },
        scalars: { smoothing: labelSmoothing },
        constants: constantsOf(rows),
        length: rows.outer * rows.inner,
      }),

    crossEntropyGrad: (cotangent, logits, labels, rows, labelSmoothing) =>
      withNorms(gpu, 'crossEntropyGrad', logits, rows, (norms) =>
        gpu.run('crossEntropyGrad', programs.crossEntropyGrad, {
          inputs: { cotangent, logits, labels, norms },
          scalars: { smoothing: labelSmoothing },
          constants: constantsOf(rows),
          length: logits.length,
        }),
      ),
  };
}

/** Lends the norms of the rows of x. */
function withNorms(
  gpu: GpuRuntime,
  operation: string,
  x: GpuStorage,
  rows: RowGeometry,
  use: (norms: GpuStorage) => GpuStorage,
): GpuStorage {
  const length = x.length === 0 ? 0 : 4 * rows.outer * rows.inner;
  const norms = gpu.run(operation, programs.rowNorms, { inputs: { x }, constants: constantsOf(rows), length });
  const result = use(norms);
  gpu.free(norms);
  return result;
}

function constantsOf({ size, inner }: RowGeometry) {
  return { axisSize: size, inner };
}
