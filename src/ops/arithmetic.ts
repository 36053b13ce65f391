/**
 * @file Elementwise arithmetic of two operands, with NumPy's broadcasting. Either operand may be a number.
 */
import { ArgumentError } from '../errors.js';
import type { BinaryOp } from '../kernels/kernels.js';
import type { Gradient } from '../tensor/graphNode.js';
import { broadcastLayout, broadcastShapes } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { sumTo } from './broadcast.js';
import { equal, greater } from './compare.js';
import { defineOp, type Op, type OpContext } from './defineOp.js';
import { log } from './unary.js';
import { where } from './where.js';

type Pair = readonly [Tensor, Tensor];

/** A binary operation whose vjp gives both gradients in the output's shape; broadcast axes are summed away here. */
function binary(
  name: BinaryOp,
  vjp: (cotangent: Tensor, a: Tensor, b: Tensor, output: Tensor) => readonly [() => Tensor, () => Tensor],
): (a: Tensor, b: Tensor) => Tensor {
  const op: Op<Pair> = defineOp({
    name,
    shape: ([a, b]) => broadcastShapes(name, a.shape, b.shape),
    forward: (kernels, [a, b], _, shape) =>
      kernels.binary(name, a.storage, b.storage, broadcastLayout(a.shape, b.shape, shape), 0),
    vjp: (cotangent, { inputs: [a, b], output }: OpContext<Pair, undefined>): readonly Gradient[] => {
      const [gradA, gradB] = vjp(cotangent, a, b, output);
      return [() => sumTo(gradA(), a.shape), () => sumTo(gradB(), b.shape)];
    },
  });
  return (a, b) => op([a, b], undefined);
}

const addTensors = binary('add', (g) => [() => g, () => g]);
const subTensors = binary('sub', (g) => [() => g, () => neg(g)]);
const mulTensors = binary('mul', (g, a, b) => [() => mul(g, b), () => mul(g, a)]);
const divTensors = binary('div', (g, _, b, y) => [() => div(g, b), () => neg(div(mul(g, y), b))]);
const powTensors = binary('pow', (g, a, b, y) => [
  () => mul(g, mul(b, powTensors(a, sub(b, 1)))),
  () => mul(g, where(equal(a, 0), 0, mul(y, log(a)))),
]);
const maximumTensors = binary('maximum', (g, a, b) => [() => mul(g, share(a, b)), () => mul(g, share(b, a))]);
const minimumTensors = binary('minimum', (g, a, b) => [() => mul(g, share(b, a)), () => mul(g, share(a, b))]);

const addScalar: Op<readonly [Tensor], number> = defineOp({
  name: 'add',
  shape: ([x]) => x.shape,
  forward: (kernels, [x], value) => kernels.unary('addScalar', x.storage, value),
  vjp: (cotangent) => [cotangent],
});

const mulScalar: Op<readonly [Tensor], number> = defineOp({
  name: 'mul',
  shape: ([x]) => x.shape,
  forward: (kernels, [x], value) => kernels.unary('mulScalar', x.storage, value),
  vjp: (cotangent, { attributes: value }) => [mulScalar([cotangent], value)],
});

const powScalar: Op<readonly [Tensor], number> = defineOp({
  name: 'pow',
  shape: ([x]) => x.shape,
  forward: (kernels, [x], exponent) => kernels.unary('pow', x.storage, exponent),
  vjp: (cotangent, { inputs: [x], output, attributes: exponent }) => [
    () => (exponent === 0 ? mul(cotangent, 0) : mul(cotangent, mul(powerBelow(x, output, exponent), exponent))),
  ],
});

/** xᵉ⁻¹, by what is cheaper than a power where there is something: x itself below its square, the square of 1/x below 1/x. */
function powerBelow(x: Tensor, power: Tensor, exponent: number): Tensor {
  if (exponent === 2) return x;
  return exponent === -1 ? powScalar([power], 2) : powScalar([x], exponent - 1);
}

const addRelu_ = binary('addRelu', (g, _a, _b, y) => {
  const masked = reluGrad(g, y);
  return [() => masked, () => masked];
});

const reluGradOp: Op<Pair, number> = defineOp({
  name: 'reluGrad',
  shape: ([g]) => g.shape,
  forward: (kernels, [g, x], slope, shape) =>
    kernels.binary(
      slope === 0 ? 'reluGrad' : 'leakyReluGrad',
      g.storage,
      x.storage,
      broadcastLayout(shape, x.shape, shape),
      slope,
    ),
  vjp: (cotangent, { inputs: [, x], attributes: slope }) => [reluGrad(cotangent, x, slope), undefined],
});

/** a + b */
export function add(a: Tensor | number, b: Tensor | number): Tensor {
  if (typeof a === 'number') return addScalar([tensorOperand('add', b)], a);
  return typeof b === 'number' ? addScalar([a], b) : addTensors(a, b);
}

/** a − b */
export function sub(a: Tensor | number, b: Tensor | number): Tensor {
  if (typeof a === 'number') return addScalar([neg(tensorOperand('sub', b))], a);
  return typeof b === 'number' ? addScalar([a], -b) : subTensors(a, b);
}

/** a · b, elementwise */
export function mul(a: Tensor | number, b: Tensor | number): Tensor {
  if (typeof a === 'number') return mulScalar([tensorOperand('mul', b)], a);
  return typeof b === 'number' ? mulScalar([a], b) : mulTensors(a, b);
}

/** a / b, elementwise */
export function div(a: Tensor | number, b: Tensor | number): Tensor {
  if (typeof a === 'number') return divTensors(scalarLike(tensorOperand('div', b), a), tensorOperand('div', b));
  return divTensors(a, typeof b === 'number' ? scalarLike(a, b) : b);
}

/** aᵇ, elementwise; a negative base needs a whole exponent, else NaN */
export function pow(a: Tensor | number, b: Tensor | number): Tensor {
  if (typeof a === 'number') return powTensors(scalarLike(tensorOperand('pow', b), a), tensorOperand('pow', b));
  return typeof b === 'number' ? powScalar([a], b) : powTensors(a, b);
}

/** The larger of a and b; where they are equal, the gradient is shared evenly. */
export function maximum(a: Tensor, b: Tensor | number): Tensor {
  return maximumTensors(a, typeof b === 'number' ? scalarLike(a, b) : b);
}

/** The smaller of a and b; where they are equal, the gradient is shared evenly. */
export function minimum(a: Tensor, b: Tensor | number): Tensor {
  return minimumTensors(a, typeof b === 'number' ? scalarLike(a, b) : b);
}

/** −x */
export function neg(x: Tensor): Tensor {
  return mulScalar([x], -1);
}

/** max(a + b, 0) in one pass: the end of a residual block. */
export function addRelu(a: Tensor, b: Tensor): Tensor {
  return addRelu_(a, b);
}

/** `cotangent` where x > 0, elsewhere `slope · cotangent`: the gradient of relu and leakyRelu. */
export function reluGrad(cotangent: Tensor, x: Tensor, slope = 0): Tensor {
  return reluGradOp([cotangent, x], slope);
}

/** 1 where a > b, 1/2 where they are equal, else 0. */
function share(a: Tensor, b: Tensor): Tensor {
  return add(greater(a, b), mul(equal(a, b), 0.5));
}

function scalarLike(x: Tensor, value: number): Tensor {
  return x.derive(x.kernels.fill(1, value, x.dtype), []);
}

function tensorOperand(operation: string, value: Tensor | number): Tensor {
  if (typeof value === 'number') throw new ArgumentError(`${operation}: at least one operand must be a tensor`);
  return value;
}
