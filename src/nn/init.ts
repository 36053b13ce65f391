/**
 * @file How weights begin.
 *
 * Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010 (Xavier);
 * He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015 (Kaiming).
 */
import { ShapeError } from '../errors.js';
import { type RandomOptions, tensor } from '../tensor/create.js';
import { defaultGenerator } from '../tensor/random.js';
import { type Shape, sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';

/** Draws a weight of the given shape. */
export type Initializer = (shape: Shape, options?: RandomOptions) => Tensor;

export interface KaimingOptions extends RandomOptions {
  /** Keep the variance of activations (`fanIn`) or of gradients (`fanOut`). Default `fanIn`. */
  readonly mode?: 'fanIn' | 'fanOut' | undefined;
  /** Slope of the leaky rectifier that follows, 0 for relu. Default 0. */
  readonly negativeSlope?: number | undefined;
}

/** How many values one output depends on, and how many outputs one input affects: `[out, in, ...kernel]`. */
export function fans(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  const [out, channels] = shape;
  if (out === undefined || channels === undefined) {
    throw new ShapeError(`fans: a weight is [out, in, ...kernel], got [${shape}]`);
  }
  const field = sizeOf(shape.slice(2));
  return { fanIn: channels * field, fanOut: out * field };
}

/** N(0, gain²/fan) with gain² = 2/(1 + slope²). */
export function kaimingNormal(shape: Shape, options: KaimingOptions = {}): Tensor {
  return normal(shape, kaimingStd(shape, options), options);
}

/** U(−b, b) with b = gain·√(3/fan) and gain² = 2/(1 + slope²). */
export function kaimingUniform(shape: Shape, options: KaimingOptions = {}): Tensor {
  return symmetricUniform(shape, Math.sqrt(3) * kaimingStd(shape, options), options);
}

/** N(0, 2/(fanIn + fanOut)). */
export function xavierNormal(shape: Shape, options: RandomOptions = {}): Tensor {
  return normal(shape, xavierStd(shape), options);
}

/** U(−b, b) with b = √(6/(fanIn + fanOut)). */
export function xavierUniform(shape: Shape, options: RandomOptions = {}): Tensor {
  return symmetricUniform(shape, Math.sqrt(3) * xavierStd(shape), options);
}

/** U(−b, b) with b = 1/√fanIn: what PyTorch's linear and convolution layers begin with. */
export function defaultWeight(shape: Shape, options: RandomOptions = {}): Tensor {
  return kaimingUniform(shape, { ...options, negativeSlope: Math.sqrt(5) });
}

/** The same bound for a bias that belongs to a weight of `weightShape`. */
export function defaultBias(size: number, weightShape: Shape, options: RandomOptions = {}): Tensor {
  return symmetricUniform([size], 1 / Math.sqrt(fans(weightShape).fanIn), options);
}

function kaimingStd(shape: Shape, { mode = 'fanIn', negativeSlope = 0 }: KaimingOptions): number {
  return Math.sqrt(2 / ((1 + negativeSlope ** 2) * fans(shape)[mode]));
}

function xavierStd(shape: Shape): number {
  const { fanIn, fanOut } = fans(shape);
  return Math.sqrt(2 / (fanIn + fanOut));
}

function normal(shape: Shape, std: number, options: RandomOptions): Tensor {
  const values = (options.generator ?? defaultGenerator).fillNormal(new Float64Array(sizeOf(shape)), 0, std);
  return tensor(values, { ...options, shape });
}

function symmetricUniform(shape: Shape, bound: number, options: RandomOptions): Tensor {
  const values = (options.generator ?? defaultGenerator).fillUniform(new Float64Array(sizeOf(shape)), -bound, bound);
  return tensor(values, { ...options, shape });
}
