/** @file Every exported kernel, one line per family. */
export * from './memory';
export * from './gemm';
export * from './conv';
export * from './convWeightGrad';
export * from './winogradForward';
export * from './winogradWeightGrad';
