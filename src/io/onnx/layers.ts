/**
 * @file Convolutions, matrix products and batch norms in ONNX.
 */
import type { Activation } from '../../kernels/kernels.js';
import type { Normalization } from '../../ops/batchNorm.js';
import type { Convolution } from '../../ops/conv.js';
import type { MatmulOptions } from '../../ops/matmul.js';
import type { Shape } from '../../tensor/shape.js';
import { type Converter, converter, NotConvertible, type Operand } from './converter.js';
import { relu } from './elementwise.js';
import type { GraphBuilder } from './graphBuilder.js';

type WithBias = readonly [Operand, Operand, Operand | undefined];

const conv = converter<WithBias, Convolution>((graph, { inputs: [x, weight, bias], attributes, shape }) => {
  const { geometry, activation } = attributes;
  const rank = shape.length - 2;
  const axes = (triple: readonly number[]): number[] => triple.slice(3 - rank);
  const padding = axes(geometry.padding);
  const y = graph.node('Conv', [x.name, weight.name, ...(bias ? [bias.name] : [])], {
    kernel_shape: { ints: axes(geometry.kernel) },
    strides: { ints: axes(geometry.stride) },
    pads: { ints: [...padding, ...padding] },
    dilations: { ints: axes(geometry.dilation) },
    group: { int: geometry.groups },
  });
  return activated(graph, y, activation);
});

/** Gemm where both are matrices: it transposes by itself, so a weight stays as it was saved. */
const matmul = converter<WithBias, MatmulOptions>((graph, { inputs: [a, b, bias], attributes }) => {
  const { transposeA = false, transposeB = false, activation } = attributes;
  if (a.shape.length === 2 && b.shape.length === 2) {
    const y = graph.node('Gemm', [a.name, b.name, ...(bias ? [bias.name] : [])], {
      ...(transposeA ? { transA: { int: 1 } } : {}),
      ...(transposeB ? { transB: { int: 1 } } : {}),
    });
    return activated(graph, y, activation);
  }
  const left = transposeA ? transposed(graph, a) : a.name;
  const right = transposeB ? transposed(graph, b) : b.name;
  const product = graph.node('MatMul', [left, right]);
  return activated(graph, bias ? graph.node('Add', [product, bias.name]) : product, activation);
});

type Normalized = readonly [Operand, Operand, Operand, Operand | undefined, Operand | undefined];

const batchNorm = converter<Normalized, Normalization>((graph, { inputs, attributes }) => {
  const [x, mean, variance, weight, bias] = inputs;
  const { geometry, eps, activation, batchStatistics } = attributes;
  if (batchStatistics) {
    throw new NotConvertible("it normalises by the batch's own statistics, as in training; pass { training: false }");
  }
  const perChannel = (value: number): string => filled(graph, [geometry.channels], value);
  const y = graph.node(
    'BatchNormalization',
    [x.name, weight?.name ?? perChannel(1), bias?.name ?? perChannel(0), mean.name, variance.name],
    { epsilon: { float: eps } },
  );
  return activated(graph, y, activation);
});

function activated(graph: GraphBuilder, y: string, activation: Activation = 'none'): string {
  return activation === 'relu' ? relu(graph, y) : y;
}

/** With the last two axes swapped. */
function transposed(graph: GraphBuilder, { name, shape }: Operand): string {
  const axes = shape.map((_, axis) => axis);
  const order = [...axes.slice(0, -2), ...axes.slice(-2).reverse()];
  return graph.node('Transpose', [name], { perm: { ints: order } });
}

function filled(graph: GraphBuilder, shape: Shape, value: number): string {
  return graph.constant(shape, new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value));
}

export const layers: Readonly<Record<string, Converter>> = { conv, matmul, batchNorm };
