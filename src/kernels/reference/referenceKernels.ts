/**
 * @file The reference kernel set: plain loops in float64 and float32. It is the oracle for the fast sets and what a learner
 * reads; each family is a file of its own.
 */
import type { BackendInfo, DType, FloatArray, Kernels } from '../kernels.js';
import { batchNorm, batchNormGrad, batchNormStatistics } from './batchNorm.js';
import { conv, convInputGrad, convWeightGrad } from './conv.js';
import { binary, unary, where } from './elementwise.js';
import { matmul } from './matmul.js';
import { concat, gatherStrided, scatterStrided } from './movement.js';
import { adamStep, sgdStep } from './optimizer.js';
import { argMax, crossEntropy, crossEntropyGrad, reduce, softmax } from './reduce.js';
import { importanceLogitsGrad, importancePool, importanceUnpool, softPool, softPoolGrad } from './softPool.js';
import { generate, type ReferenceStorage } from './storage.js';
import { avgPool, avgUnpool, fold, maxPool, maxUnpool, unfold } from './windows.js';

const info: BackendInfo = {
  backend: 'reference',
  description: 'reference, plain TypeScript loops',
  dtypes: ['float32', 'float64'],
  threads: 1,
  device: 'cpu',
};

export const referenceKernels = {
  name: 'reference',
  info: () => info,
  upload: (data: ArrayLike<number>, dtype: DType) => generate(data.length, dtype, (i) => data[i] ?? Number.NaN),
  fill: (length: number, value: number, dtype: DType) => generate(length, dtype, () => value),
  read: async ({ values }: ReferenceStorage): Promise<FloatArray> => values.slice(),
  readSync: ({ values }: ReferenceStorage): FloatArray => values.slice(),
  free: () => {},
  unary,
  binary,
  where,
  reduce,
  argMax,
  softmax,
  gatherStrided,
  scatterStrided,
  concat,
  matmul,
  conv,
  convInputGrad,
  convWeightGrad,
  softPool,
  softPoolGrad,
  importancePool,
  importanceUnpool,
  importanceLogitsGrad,
  maxPool,
  maxUnpool,
  avgPool,
  avgUnpool,
  unfold,
  fold,
  batchNormStatistics,
  batchNorm,
  batchNormGrad,
  crossEntropy,
  crossEntropyGrad,
  sgdStep,
  adamStep,
} satisfies Kernels<ReferenceStorage>;
