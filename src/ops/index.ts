/**
 * @file The public operations. A new operation is one line here.
 */
export { gelu, leakyRelu, relu, sigmoid, silu, softplus, tanh } from './activations.js';
export { adaptiveAvgPool, adaptiveMaxPool, adaptiveSoftPool } from './adaptivePool.js';
export { add, addRelu, div, maximum, minimum, mul, neg, pow, sub } from './arithmetic.js';
export { type AvgPoolOptions, avgPool1d, avgPool2d, avgPool3d } from './avgPool.js';
export { type BatchNormOptions, batchNorm } from './batchNorm.js';
export { broadcastTo } from './broadcast.js';
export { equal, greater, greaterEqual, less, lessEqual } from './compare.js';
export { type ConvCallOptions, conv1d, conv2d, conv3d } from './conv.js';
export {
  defineMultiOp,
  defineOp,
  type Inputs,
  type MultiOpDefinition,
  type Op,
  type OpContext,
  type OpDefinition,
} from './defineOp.js';
export { type DropoutOptions, dropout } from './dropout.js';
export { type GradOptions, grad, valueAndGrad } from './grad.js';
export { importancePool1d, importancePool2d, importancePool3d } from './importancePool.js';
export { type CrossEntropyOptions, crossEntropy, mseLoss, type Reduction } from './losses.js';
export { type LpPoolOptions, lpPool1d, lpPool2d, lpPool3d } from './lpPool.js';
export { type LinearOptions, linear, matmul } from './matmul.js';
export { maxPool1d, maxPool2d, maxPool3d } from './maxPool.js';
export { concat, flip, pad, permute, select, slice, stack, transpose } from './movement.js';
export { argMax, max, mean, min, type ReduceOptions, sum, variance } from './reduce.js';
export { flatten, reshape, squeeze, unsqueeze } from './reshape.js';
export { logSoftmax, softmax } from './softmax.js';
export { type SoftPoolOptions, softPool1d, softPool2d, softPool3d } from './softPool.js';
export { sumPool1d, sumPool2d, sumPool3d } from './sumPool.js';
export { abs, erf, exp, log, sign, sqrt } from './unary.js';
export { fold, type UnfoldOptions, unfold } from './unfold.js';
export { where } from './where.js';
