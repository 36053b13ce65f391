import fc from 'fast-check';
import type { Tensor } from '../../../src/index.js';
import * as ops from '../../../src/index.js';
import { Generator } from '../../../src/index.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { arbitraries, wellSeparated } from '../../../src/testing/index.js';
import { float64 } from '../../support/float64.js';
import { type GradientCase, gradientCase } from '../../support/gradientCases.js';
import { apartFrom } from './points.js';

const shapes = arbitraries.shapes({ maxRank: 3, maxSize: 3 });
const pairs = arbitraries.broadcastablePairs({ maxRank: 3, maxSize: 3 });

/** An elementwise function, over values of a range. */
function unary(f: (x: Tensor) => Tensor, range: { low?: number; high?: number } = {}): GradientCase {
  return gradientCase(shapes, (shape) => ({ f: (x) => f(x), inputs: [{ shape, ...range }] }));
}

/** A broadcasting function of two tensors, or of a tensor and a number on either side. */
function binary(f: (a: Tensor | number, b: Tensor | number) => Tensor, low?: number): GradientCase {
  const scalar = fc.double({ min: low ?? -2, max: 2, noNaN: true });
  const kind = fc.constantFrom('tensors', 'tensors', 'number on the left', 'number on the right');
  return gradientCase(fc.record({ pair: pairs, kind, scalar }), ({ pair, kind, scalar }) => {
    const [a, b] = [pair.a, pair.b].map((shape) => ({ shape, low }));
    if (kind === 'number on the left') return { f: (y) => f(scalar, y), inputs: [b!] };
    if (kind === 'number on the right') return { f: (x) => f(x, scalar), inputs: [a!] };
    return { f: (x, y) => f(x, y), inputs: [a!, b!] };
  });
}

/** A function with a kink where a = b, or where a = −b: the values are a margin away from it. */
function kinked(f: (a: Tensor, b: Tensor) => Tensor): GradientCase {
  return gradientCase(pairs, ({ a, b }, seed) => ({ f: (x, y) => f(x, y), inputs: apartFrom(a, b, seed) }));
}

export const elementwiseCases: Readonly<Record<string, GradientCase>> = {
  abs: unary(ops.abs),
  add: binary(ops.add),
  addRelu: gradientCase(shapes, (shape, seed) => ({
    f: (a, b) => ops.addRelu(a, b),
    inputs: apartFrom(shape, shape, seed),
  })),
  div: binary(ops.div, 0.5),
  dropout: gradientCase(fc.tuple(shapes, fc.double({ min: 0, max: 1, noNaN: true })), ([shape, p], seed) => ({
    f: (x) => ops.dropout(x, { p, generator: new Generator(seed) }),
    inputs: [{ shape }],
  })),
  erf: unary(ops.erf),
  exp: unary(ops.exp),
  gelu: unary(ops.gelu),
  leakyRelu: gradientCase(fc.tuple(shapes, fc.double({ min: -1, max: 1, noNaN: true })), ([shape, slope]) => ({
    f: (x) => ops.leakyRelu(x, slope),
    inputs: [{ shape }],
  })),
  log: unary(ops.log, { low: 0.5 }),
  logSoftmax: softmaxCase(ops.logSoftmax),
  maximum: kinked(ops.maximum),
  minimum: kinked(ops.minimum),
  mul: binary(ops.mul),
  neg: unary(ops.neg),
  pow: binary(ops.pow, 0.5),
  relu: unary(ops.relu),
  sigmoid: unary(ops.sigmoid),
  sign: unary(ops.sign),
  silu: unary(ops.silu),
  softmax: softmaxCase(ops.softmax),
  softplus: unary(ops.softplus),
  sqrt: unary(ops.sqrt, { low: 0.5 }),
  sub: binary(ops.sub),
  tanh: unary(ops.tanh),
  where: gradientCase(fc.tuple(pairs, arbitraries.shapes({ maxRank: 0 })), ([{ a, b, out }], seed) => {
    const condition = float64(
      wellSeparated(sizeOf(out), new Generator(seed)).map((v) => (v > 0 ? 1 : 0)),
      out,
    );
    return { f: (x, y) => ops.where(condition, x, y), inputs: [{ shape: a }, { shape: b }] };
  }),
};

function softmaxCase(f: (x: Tensor, axis: number) => Tensor): GradientCase {
  const geometry = arbitraries
    .shapes({ minRank: 1, maxRank: 3, maxSize: 4 })
    .chain((shape) => fc.tuple(fc.constant(shape), fc.integer({ min: -shape.length, max: shape.length - 1 })));
  return gradientCase(geometry, ([shape, axis]) => ({ f: (x) => f(x, axis), inputs: [{ shape }] }));
}
