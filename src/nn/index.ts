/**
 * softgrad/nn: modules, layers, pooling strategies and models.
 *
 * @packageDocumentation
 */
import '../backends.js';

export * from './activations.js';
export { BatchNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormLayerOptions } from './batchNorm.js';
export { Buffer } from './buffer.js';
export { Conv, Conv1d, Conv2d, Conv3d, type ConvLayerOptions } from './conv.js';
export { countParameters } from './countParameters.js';
export { Dropout } from './dropout.js';
export { Flatten } from './flatten.js';
export { Identity } from './identity.js';
export * as init from './init.js';
export { Linear, type LinearLayerOptions } from './linear.js';
export * as models from './models/index.js';
export { Module } from './module.js';
export { type ForwardCall, observeForward } from './observeForward.js';
export { AdaptiveAvgPool, AdaptiveMaxPool, AdaptiveSoftPool } from './pooling/adaptivePool.js';
export { AvgPool, AvgPool1d, AvgPool2d, AvgPool3d, type AvgPoolLayerOptions } from './pooling/avgPool.js';
export {
  ImportancePool,
  ImportancePool1d,
  ImportancePool2d,
  ImportancePool3d,
  type ImportancePoolLayerOptions,
} from './pooling/importancePool.js';
export { MaxPool, MaxPool1d, MaxPool2d, MaxPool3d } from './pooling/maxPool.js';
export { type PoolOptions, pool, poolNames, poolStrategy, registerPool } from './pooling/poolingRegistry.js';
export { PoolLayer, type PoolLayerOptions } from './pooling/poolLayer.js';
export type { PoolStrategy, PoolStrategyOptions } from './pooling/poolStrategy.js';
export { type ReplacePoolingOptions, replacePooling } from './pooling/replacePooling.js';
export { SoftPool, SoftPool1d, SoftPool2d, SoftPool3d, type SoftPoolLayerOptions } from './pooling/softPool.js';
export type { Rank } from './rank.js';
export { Sequential } from './sequential.js';
export type { LoadOptions, LoadResult, StateDict } from './stateDict.js';
