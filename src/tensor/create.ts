/**
 * @file Functions that make tensors from values.
 */
import { ArgumentError, BackendError, ShapeError } from '../errors.js';
import type { BackendName, DType, FloatArray, Kernels, Storage } from '../kernels/kernels.js';
import { kernelsOf } from './activeBackend.js';
import type { Generator } from './generator.js';
import { defaultGenerator } from './random.js';
import { checkShape, type Shape, sameShape, sizeOf } from './shape.js';
import { SharedStorage } from './sharedStorage.js';
import { Tensor } from './tensor.js';

export type NestedNumbers = number | readonly NestedNumbers[];

/** Typed arrays that `tensor` takes; integers become floats. */
export type NumberArray =
  | FloatArray
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

export interface CreateOptions {
  /** Default `float32`; `float64` exists on the reference backend. */
  readonly dtype?: DType | undefined;
  readonly requiresGrad?: boolean | undefined;
  /** Default: the active backend. */
  readonly backend?: BackendName | undefined;
}

/** Random numbers are drawn from `generator`, by default the one that `manualSeed` seeds. */
export interface RandomOptions extends CreateOptions {
  readonly generator?: Generator | undefined;
}

/**
 * A tensor of the given values.
 *
 * @param values a number, nested arrays, or a typed array (flat unless `shape` is given)
 * @throws ShapeError if rows differ in length or `shape` doesn't hold the values
 */
export function tensor(
  values: NestedNumbers | NumberArray,
  options: CreateOptions & { readonly shape?: Shape } = {},
): Tensor {
  const { flat, shape } = ArrayBuffer.isView(values) ? { flat: values, shape: [values.length] } : flatten(values);
  const wanted = options.shape ?? shape;
  checkShape('tensor', wanted);
  if (sizeOf(wanted) !== flat.length) {
    throw new ShapeError(`tensor: shape [${wanted}] holds ${sizeOf(wanted)} values, got ${flat.length}`);
  }
  return create(options, wanted, (kernels, dtype) => kernels.upload(flat, dtype));
}

/** A tensor filled with `value`. */
export function full(shape: Shape | number, value: number, options: CreateOptions = {}): Tensor {
  const sizes = typeof shape === 'number' ? [shape] : shape;
  checkShape('full', sizes);
  return create(options, sizes, (kernels, dtype) => kernels.fill(sizeOf(sizes), value, dtype));
}

export function zeros(shape: Shape | number, options?: CreateOptions): Tensor {
  return full(shape, 0, options);
}

export function ones(shape: Shape | number, options?: CreateOptions): Tensor {
  return full(shape, 1, options);
}

/** `[start, start + step, …]` up to but without `end`; with one argument from 0. */
export function arange(start: number, end?: number, step = 1, options: CreateOptions = {}): Tensor {
  const [from, to] = end === undefined ? [0, start] : [start, end];
  if (!Number.isFinite(from) || !Number.isFinite(to) || !Number.isFinite(step) || step === 0) {
    throw new ArgumentError(`arange: needs finite numbers and a step other than 0, got ${from}, ${to}, ${step}`);
  }
  const length = Math.max(0, Math.ceil((to - from) / step));
  return tensor(
    Float64Array.from({ length }, (_, i) => from + i * step),
    options,
  );
}

/** The identity matrix `[n, n]`. */
export function eye(n: number, options?: CreateOptions): Tensor {
  checkShape('eye', [n]);
  const values = new Float32Array(n * n);
  for (let i = 0; i < n; i++) values[i * (n + 1)] = 1;
  return tensor(values, { ...options, shape: [n, n] });
}

/** Normal random numbers with mean 0 and standard deviation 1. */
export function randn(shape: Shape | number, options: RandomOptions = {}): Tensor {
  return random('randn', shape, options, (generator, values) => generator.fillNormal(values));
}

/** Uniform random numbers in `[low, high)`. */
export function uniform(shape: Shape | number, low = 0, high = 1, options: RandomOptions = {}): Tensor {
  return random('uniform', shape, options, (generator, values) => generator.fillUniform(values, low, high));
}

/** 1 with probability `p`, else 0. */
export function bernoulli(shape: Shape | number, p = 0.5, options: RandomOptions = {}): Tensor {
  if (!(p >= 0 && p <= 1)) throw new ArgumentError(`bernoulli: p must lie between 0 and 1, got ${p}`);
  return random('bernoulli', shape, options, (generator, values) => generator.fillBernoulli(values, p));
}

function random(
  operation: string,
  shape: Shape | number,
  options: RandomOptions,
  draw: (generator: Generator, values: FloatArray) => void,
): Tensor {
  const sizes = typeof shape === 'number' ? [shape] : shape;
  checkShape(operation, sizes);
  const values = options.dtype === 'float64' ? new Float64Array(sizeOf(sizes)) : new Float32Array(sizeOf(sizes));
  draw(options.generator ?? defaultGenerator, values);
  return tensor(values, { ...options, shape: sizes });
}

function create(options: CreateOptions, shape: Shape, make: (kernels: Kernels, dtype: DType) => Storage): Tensor {
  const kernels = kernelsOf(options.backend);
  const dtype = options.dtype ?? 'float32';
  if (!kernels.info().dtypes.includes(dtype)) {
    throw new BackendError(`tensor: the ${kernels.name} backend has no ${dtype}; pass { backend: 'reference' }`);
  }
  const shared = new SharedStorage(kernels, make(kernels, dtype));
  return new Tensor(shared, [...shape], { requiresGrad: options.requiresGrad });
}

function flatten(values: NestedNumbers): { flat: number[]; shape: number[] } {
  if (typeof values === 'number') return { flat: [values], shape: [] };
  const parts = values.map(flatten);
  const inner = parts[0]?.shape ?? [];
  for (const [i, part] of parts.entries()) {
    if (!sameShape(part.shape, inner)) {
      throw new ShapeError(`tensor: entry ${i} has shape [${part.shape}], the first has [${inner}]`);
    }
  }
  return { flat: parts.flatMap((part) => part.flat), shape: [parts.length, ...inner] };
}
