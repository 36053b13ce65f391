/**
 * @file Elementwise operations in ONNX. Numbers are operands like any other there.
 */
import { type Converter, converter, type Operand } from './converter.js';
import type { GraphBuilder } from './graphBuilder.js';

type One = readonly [Operand];
type Two = readonly [Operand, Operand];

/** ONNX's TensorProto.DataType. */
const FLOAT = { to: { int: 1 } };
const BOOL = { to: { int: 9 } };

const unary = (opType: string): Converter => converter<One>((graph, { inputs: [x] }) => graph.node(opType, [x.name]));

const binary = (opType: string): Converter =>
  converter<Two>((graph, { inputs: [a, b] }) => graph.node(opType, [a.name, b.name]));

/** The second operand is a tensor, or the attribute. */
const withNumber = (opType: string): Converter =>
  converter<readonly [Operand, Operand?], number>((graph, { inputs: [a, b], attributes: value }) =>
    graph.node(opType, [a.name, b?.name ?? graph.scalar(value)]),
  );

/** ONNX compares to booleans, softgrad to 1 and 0. */
const comparison = (opType: string): Converter =>
  converter<Two>((graph, { inputs: [a, b] }) => graph.node('Cast', [graph.node(opType, [a.name, b.name])], FLOAT));

const gelu = converter<One>((graph, { inputs: [x] }) => {
  const erf = graph.node('Erf', [graph.node('Mul', [x.name, graph.scalar(Math.SQRT1_2)])]);
  const distribution = graph.node('Mul', [graph.node('Add', [erf, graph.scalar(1)]), graph.scalar(0.5)]);
  return graph.node('Mul', [x.name, distribution]);
});

const silu = converter<One>((graph, { inputs: [x] }) => graph.node('Mul', [x.name, graph.node('Sigmoid', [x.name])]));

const leakyRelu = converter<One, number>((graph, { inputs: [x], attributes: slope }) =>
  graph.node('LeakyRelu', [x.name], { alpha: { float: slope } }),
);

const addRelu = converter<Two>((graph, { inputs: [a, b] }) => relu(graph, graph.node('Add', [a.name, b.name])));

const reluGrad = converter<Two, number>((graph, { inputs: [g, x], attributes: slope }) => {
  const positive = graph.node('Greater', [x.name, graph.scalar(0)]);
  const below = slope === 0 ? graph.scalar(0) : graph.node('Mul', [g.name, graph.scalar(slope)]);
  return graph.node('Where', [positive, g.name, below]);
});

const where = converter<readonly [Operand, Operand, Operand]>((graph, { inputs: [condition, a, b] }) =>
  graph.node('Where', [graph.node('Cast', [condition.name], BOOL), a.name, b.name]),
);

/** max(x, 0): what convolutions, products and batch norms may end with. */
export function relu(graph: GraphBuilder, x: string): string {
  return graph.node('Relu', [x]);
}

export const elementwise: Readonly<Record<string, Converter>> = {
  abs: unary('Abs'),
  sign: unary('Sign'),
  exp: unary('Exp'),
  log: unary('Log'),
  sqrt: unary('Sqrt'),
  erf: unary('Erf'),
  relu: unary('Relu'),
  sigmoid: unary('Sigmoid'),
  tanh: unary('Tanh'),
  softplus: unary('Softplus'),
  gelu,
  silu,
  leakyRelu,
  add: withNumber('Add'),
  sub: binary('Sub'),
  mul: withNumber('Mul'),
  div: binary('Div'),
  pow: withNumber('Pow'),
  maximum: binary('Max'),
  minimum: binary('Min'),
  equal: comparison('Equal'),
  greater: comparison('Greater'),
  greaterEqual: comparison('GreaterOrEqual'),
  less: comparison('Less'),
  lessEqual: comparison('LessOrEqual'),
  addRelu,
  reluGrad,
  where,
};
