/**
 * softgrad: tensors, autograd and pooling. Layers are in `softgrad/nn`, optimisers in `softgrad/optim`, data sets in
 * `softgrad/data`, the training loop in `softgrad/train`, files in `softgrad/io`, gradient checks in `softgrad/testing`.
 *
 * @packageDocumentation
 */
import './backends.js';

export { ArgumentError, BackendError, DisposedError, GradientError, ShapeError } from './errors.js';
export type { ConvOptions } from './kernels/convGeometry.js';
export type { GpuMode } from './kernels/gpu/adapters/adapter.js';
export type { GpuOptions } from './kernels/gpu/loadGpuKernels.js';
export type { Activation, BackendInfo, BackendName, DType, FloatArray, Storage } from './kernels/kernels.js';
export type { Variant as WasmVariant } from './kernels/wasm/compileKernels.js';
export type { WasmOptions } from './kernels/wasm/wasmRuntime.js';
export type { PerAxis, WindowOptions } from './kernels/windowGeometry.js';
export * from './ops/index.js';
export { backendInfo, backends, setBackend } from './tensor/activeBackend.js';
export {
  arange,
  bernoulli,
  type CreateOptions,
  eye,
  full,
  type NestedNumbers,
  type NumberArray,
  ones,
  type RandomOptions,
  randn,
  tensor,
  uniform,
  zeros,
} from './tensor/create.js';
export { Generator, type GeneratorState, type Seed } from './tensor/generator.js';
export { noGrad } from './tensor/gradMode.js';
export { type BackwardOptions, gradients } from './tensor/graph.js';
export type { Gradient, GraphNode } from './tensor/graphNode.js';
export { Parameter } from './tensor/parameter.js';
export { defaultGenerator, manualSeed } from './tensor/random.js';
export { keep, type MemoryInfo, memory, scope } from './tensor/scope.js';
export type { Shape } from './tensor/shape.js';
export { peakMemory, resetPeakMemory } from './tensor/sharedStorage.js';
export { Tensor, type TensorOptions } from './tensor/tensor.js';
