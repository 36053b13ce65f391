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
export { AdaPool, type AdaPoolLayerOptions } from './pooling/adaPool.js';
export { AdaptiveAvgPool, AdaptiveMaxPool, AdaptiveSoftPool } from './pooling/adaptivePool.js';
export { AvgPool, AvgPool1d, AvgPool2d, AvgPool3d, type AvgPoolLayerOptions } from './pooling/avgPool.js';
export { BlurPool } from './pooling/blurPool.js';
export { ConvPool } from './pooling/convPool.js';
export { DetailPreservingPool } from './pooling/detailPreservingPool.js';
export { EdscwPool } from './pooling/edscwPool.js';
export { GatedPool } from './pooling/gatedPool.js';
export { GemPool, type GemPoolLayerOptions } from './pooling/gemPool.js';
export { IdwPool } from './pooling/idwPool.js';
export {
  ImportancePool,
  ImportancePool1d,
  ImportancePool2d,
  ImportancePool3d,
  type ImportancePoolLayerOptions,
} from './pooling/importancePool.js';
export { GatedLogits, LocalImportancePool } from './pooling/localImportancePool.js';
export { LpPool, LpPool1d, LpPool2d, LpPool3d, type LpPoolLayerOptions } from './pooling/lpPool.js';
export { MaxPool, MaxPool1d, MaxPool2d, MaxPool3d } from './pooling/maxPool.js';
export { MixedPool, type MixedPoolLayerOptions } from './pooling/mixedPool.js';
export {
  type NamedPoolStrategy,
  type PoolOptions,
  pool,
  poolNames,
  poolStrategies,
  poolStrategy,
  registerPool,
} from './pooling/poolingRegistry.js';
export { PoolLayer, type PoolLayerOptions } from './pooling/poolLayer.js';
export type { PoolStrategy, PoolStrategyOptions } from './pooling/poolStrategy.js';
export { PowerPool, type PowerPoolLayerOptions } from './pooling/powerPool.js';
export { type ReplacePoolingOptions, replacePooling } from './pooling/replacePooling.js';
export { S3Pool } from './pooling/s3Pool.js';
export { SoftPool, SoftPool1d, SoftPool2d, SoftPool3d, type SoftPoolLayerOptions } from './pooling/softPool.js';
export { type RandomPoolLayerOptions, StochasticPool } from './pooling/stochasticPool.js';
export { SumPool } from './pooling/sumPool.js';
export type { Rank } from './rank.js';
export { Sequential } from './sequential.js';
export type { LoadOptions, LoadResult, StateDict } from './stateDict.js';
