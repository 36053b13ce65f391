/**
 * @file Poolings in ONNX.
 *
 * ONNX has max and average pooling of its own. SoftPool and its kin become reductions over windows, with the window's maximum
 * subtracted before exponentiating, so they can't overflow.
 */
import type { AvgWindow } from '../../ops/avgPool.js';
import type { PoolWindow } from '../../ops/poolWindow.js';
import type { SoftWindow } from '../../ops/softPool.js';
import type { Windows as UnfoldedWindows } from '../../ops/unfold.js';
import { type Converter, converter, NotConvertible, type Operand } from './converter.js';
import type { GraphBuilder } from './graphBuilder.js';
import type { OnnxAttribute } from './onnxModel.js';
import { needsPadding, padWindows, type WindowAxis, type Windows, windowAxes, windowsOf } from './windows.js';

type One = readonly [Operand];
type Two = readonly [Operand, Operand];

/** The lowest finite float32. */
const LOWEST = -(2 - 2 ** -23) * 2 ** 127;

const maxPool = converter<Two, PoolWindow>((graph, { inputs: [x, keys], attributes }) => {
  if (x.name !== keys.name) throw new NotConvertible('it takes values where another tensor has its maxima');
  const axes = windowAxes(x.shape, attributes.geometry);
  return batched(graph, x, axes, (input) => {
    // Runtimes want less padding than kernel, which a dilated window may exceed.
    const fits = axes.every(({ overhang, kernel }) => overhang < kernel);
    const dilations = { dilations: { ints: axes.map(({ dilation }) => dilation) } };
    if (fits) return graph.node('MaxPool', [input], { ...window(axes), ...dilations });
    const padded = padWindows(graph, input, 2, axes, Number.NEGATIVE_INFINITY);
    return graph.node('MaxPool', [padded], { ...window(axes.map(withoutPadding)), ...dilations });
  });
});

/**
 * PyTorch's divisor counts padded cells, on request, but never those that ceil mode adds behind the padding; ONNX's counts both
 * or neither.
 */
const avgPool = converter<One, AvgWindow>((graph, { inputs: [x], attributes: { geometry, countIncludePad } }) => {
  const axes = windowAxes(x.shape, geometry);
  return batched(graph, x, axes, (input) => {
    if (!countIncludePad || axes.every(({ padding }) => padding === 0)) {
      return graph.node('AveragePool', [input], window(axes));
    }
    if (axes.every(({ padding, overhang }) => overhang <= padding)) {
      return graph.node('AveragePool', [input], { ...window(axes), count_include_pad: { int: 1 } });
    }
    const whole = axes.map((axis) => ({ ...axis, overhang: axis.padding }));
    const beyond = axes.map((axis) => ({ ...axis, padding: 0, overhang: Math.max(0, axis.overhang - axis.padding) }));
    return graph.node('AveragePool', [padWindows(graph, input, 2, whole, 0)], window(beyond));
  });
});

const softPool = converter<One, SoftWindow>((graph, { inputs: [x], attributes: { geometry, beta } }) => {
  const axes = windowAxes(x.shape, geometry);
  // As float32, since 0 times the infinity of padded cells is NaN.
  if (Math.fround(beta) === 0) {
    const logits = { ...x, name: graph.node('Mul', [x.name, graph.scalar(0)]) };
    return weightedMean(graph, windowsOf(graph, x, axes, 0), scores(graph, logits, axes));
  }
  // Padded cells are infinitely far below (for β < 0: above) the extremum, so their weight is 0.
  const fill = beta > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const windows = windowsOf(graph, x, axes, fill);
  const distance = fromExtremum(graph, windows, beta > 0 ? 'ReduceMax' : 'ReduceMin');
  const score = beta === 1 ? distance : graph.node('Mul', [distance, graph.scalar(beta)]);
  if (!needsPadding(axes)) return weightedMean(graph, windows, score);
  const finite = graph.node('Clip', [windows.name, graph.scalar(LOWEST), graph.scalar(-LOWEST)]);
  return weightedMean(graph, { ...windows, name: finite }, score);
});

const importancePool = converter<Two, PoolWindow>((graph, { inputs: [x, logits], attributes: { geometry } }) => {
  const axes = windowAxes(x.shape, geometry);
  return weightedMean(graph, windowsOf(graph, x, axes, 0), scores(graph, logits, axes));
});

/** The windows with all their cells on one last axis. */
const unfold = converter<One, UnfoldedWindows>((graph, { inputs: [x], attributes: { geometry, padValue }, shape }) => {
  const axes = windowAxes(x.shape, geometry);
  const windows = windowsOf(graph, x, axes, padValue);
  const positions = windows.cells.map((axis) => axis - 1);
  const apart = graph.node('Transpose', [windows.name], { perm: { ints: [0, 1, ...positions, ...windows.cells] } });
  return graph.node('Reshape', [apart, graph.integers([0, 0, ...shape.slice(2)])]);
});

/** Logits of each window's cells minus their maximum. */
function scores(graph: GraphBuilder, logits: Operand, axes: readonly WindowAxis[]): string {
  return fromExtremum(graph, windowsOf(graph, logits, axes, Number.NEGATIVE_INFINITY), 'ReduceMax');
}

function fromExtremum(graph: GraphBuilder, { name, cells }: Windows, opType: 'ReduceMax' | 'ReduceMin'): string {
  const extremum = graph.node(opType, [name], { axes: { ints: cells }, keepdims: { int: 1 } });
  return graph.node('Sub', [name, extremum]);
}

/** Σ wᵢxᵢ over each window with w = exp(score) / Σ exp(score); scores are at most 0. */
function weightedMean(graph: GraphBuilder, { name, cells }: Windows, score: string): string {
  const axes = graph.integers(cells);
  const exponentials = graph.node('Exp', [score]);
  const total = graph.node('ReduceSum', [exponentials, axes], { keepdims: { int: 1 } });
  const weights = graph.node('Div', [exponentials, total]);
  return graph.node('ReduceSum', [graph.node('Mul', [weights, name]), axes], { keepdims: { int: 0 } });
}

/** ONNX's poolings need a batch axis. */
function batched(
  graph: GraphBuilder,
  x: Operand,
  axes: readonly WindowAxis[],
  pool: (input: string) => string,
): string {
  if (x.shape.length === axes.length + 2) return pool(x.name);
  const first = graph.integers([0]);
  return graph.node('Squeeze', [pool(graph.node('Unsqueeze', [x.name, first])), first]);
}

function window(axes: readonly WindowAxis[]): Record<string, OnnxAttribute> {
  return {
    kernel_shape: { ints: axes.map(({ kernel }) => kernel) },
    strides: { ints: axes.map(({ stride }) => stride) },
    pads: { ints: [...axes.map(({ padding }) => padding), ...axes.map(({ overhang }) => overhang)] },
  };
}

function withoutPadding(axis: WindowAxis): WindowAxis {
  return { ...axis, padding: 0, overhang: 0 };
}

export const pooling: Readonly<Record<string, Converter>> = { maxPool, avgPool, softPool, importancePool, unfold };
