/**
 * @file Elementwise functions, one line each.
 */
import type { BinaryOp, UnaryOp } from '../kernels.js';
import type { BroadcastLayout } from '../layouts.js';
import { erf, normalDistribution } from './erf.js';
import { allocate, at, generate, offsetsOf, type ReferenceStorage } from './storage.js';

type Unary = (x: number, scalar: number) => number;
type Binary = (a: number, b: number, scalar: number) => number;

const unaryFunctions: Record<UnaryOp, Unary> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  erf,
  relu: (x) => (x <= 0 ? 0 : x),
  leakyRelu: (x, slope) => (x > 0 ? x : slope * x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  gelu: (x) => (x === -Infinity ? 0 : x * normalDistribution(x)),
  silu: (x) => (x === -Infinity ? 0 : x / (1 + Math.exp(-x))),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  pow: (x, exponent) => x ** exponent,
  addScalar: (x, scalar) => x + scalar,
  mulScalar: (x, scalar) => x * scalar,
};

const binaryFunctions: Record<BinaryOp, Binary> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  equal: (a, b) => Number(a === b),
  greater: (a, b) => Number(a > b),
  greaterEqual: (a, b) => Number(a >= b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  addRelu: (a, b) => (a + b <= 0 ? 0 : a + b),
  reluGrad: (a, b) => (b > 0 ? a : 0),
  leakyReluGrad: (a, b, slope) => (b > 0 ? a : slope * a),
};

export function unary(op: UnaryOp, x: ReferenceStorage, scalar: number): ReferenceStorage {
  const f = unaryFunctions[op];
  return generate(x.length, x.dtype, (i) => f(at(x.values, i), scalar));
}

export function binary(
  op: BinaryOp,
  a: ReferenceStorage,
  b: ReferenceStorage,
  { shape, stridesA, stridesB }: BroadcastLayout,
  scalar: number,
): ReferenceStorage {
  const f = binaryFunctions[op];
  const [offsetsA, offsetsB] = [offsetsOf(shape, stridesA), offsetsOf(shape, stridesB)];
  return generate(offsetsA.length, a.dtype, (i) =>
    f(at(a.values, at(offsetsA, i)), at(b.values, at(offsetsB, i)), scalar),
  );
}

export function where(condition: ReferenceStorage, a: ReferenceStorage, b: ReferenceStorage): ReferenceStorage {
  const out = allocate(a.length, a.dtype);
  for (let i = 0; i < out.length; i++)
    out.values[i] = at(condition.values, i) !== 0 ? at(a.values, i) : at(b.values, i);
  return out;
}
