/**
 * @file fast-check arbitraries for tensors and the geometries of their operations.
 */
export {
  type Convolution,
  type ConvolutionConstraints,
  convolution1d,
  convolution2d,
  convolution3d,
} from './convolutions.js';
export { type MatmulShapes, matmulShapes } from './matmulShapes.js';
export {
  type PoolingConstraints,
  type PoolingWindow,
  poolingWindow1d,
  poolingWindow2d,
  poolingWindow3d,
} from './poolingWindows.js';
export { type BroadcastablePair, broadcastablePairs, type ShapeConstraints, shapes } from './shapes.js';
export { type FloatConstraints, finiteFloats, finiteValues, labels, wellSeparatedValues } from './values.js';
