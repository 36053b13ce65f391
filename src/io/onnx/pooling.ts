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
import type { OnnxAttribute } from './encodeOnnxModel.js';
import type { GraphBuilder } from './graphBuilder.js';
import {
  isTiled,
  needsPadding,
  padWindows,
  spreadWindows,
  type WindowAxis,
  type Windows,
  windowAxes,
  windowsOf,
} from './windowsOf.js';

type One = readonly [Operand];
type Two = readonly [Operand, Operand];

/** The lowest finite float32. */
const LOWEST = -(2 - 2 ** -23) * 2 ** 127;

const maxPool = converter<Two, PoolWindow>((graph, { inputs: [x, keys], attributes }) => {
  if (x.name !== keys.name) throw new NotConvertible('it takes values where another tensor has its maxima');
  const axes = windowAxes(attributes);
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
 * or neither, and knows no dilation.
 */
const avgPool = converter<One, AvgWindow>((graph, { inputs: [x], attributes }) => {
  const axes = windowAxes(attributes);
  const countsPadding = attributes.countIncludePad && axes.some(({ padding }) => padding > 0);
  const isNative =
    axes.every(({ dilation, kernel }) => dilation === 1 || kernel === 1) &&
    (!countsPadding || axes.every(({ padding, overhang }) => overhang <= padding));
  if (!isNative) {
    const { name, cells } = windowsOf(graph, x, axes, 0);
    const total = graph.node('ReduceSum', [name, graph.integers(cells)], { keepdims: { int: 0 } });
    return graph.node('Div', [total, divisors(graph, attributes)]);
  }
  return batched(graph, x, axes, (input) =>
    graph.node('AveragePool', [input], {
      ...window(axes),
      ...(countsPadding ? { count_include_pad: { int: 1 } } : {}),
    }),
  );
});

/** The adjoint of average pooling. Where every cell is in one window, it is a value per window, given to its cells. */
const avgUnpool = converter<One, AvgWindow>((graph, { inputs: [y], attributes }) => {
  const axes = windowAxes(attributes);
  const covers = axes.every(({ input, padding, output, kernel }) => input + padding <= output * kernel);
  if (!covers || !axes.every(isTiled)) throw new NotConvertible('it adds up windows that overlap or have gaps');
  const shares = { ...y, name: graph.node('Div', [y.name, divisors(graph, attributes)]) };
  return spreadWindows(graph, shares, axes);
});

const softPool = converter<One, SoftWindow>((graph, { inputs: [x], attributes }) => {
  const axes = windowAxes(attributes);
  const { beta } = attributes;
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

const importancePool = converter<Two, PoolWindow>((graph, { inputs: [x, logits], attributes }) => {
  const axes = windowAxes(attributes);
  return weightedMean(graph, windowsOf(graph, x, axes, 0), scores(graph, logits, axes));
});

/** The windows with all their cells on one last axis. */
const unfold = converter<One, UnfoldedWindows>((graph, { inputs: [x], attributes, shape }) => {
  const { name, cells } = windowsOf(graph, x, windowAxes(attributes), attributes.padValue);
  const leading = Array.from({ length: x.shape.length - cells.length }, (_, axis) => axis);
  const order = [...leading, ...cells.map((axis) => axis - 1), ...cells];
  const apart = graph.node('Transpose', [name], { perm: { ints: order } });
  // A size of 0 keeps an axis.
  const sizes = [...leading.map(() => 0), ...shape.slice(leading.length)];
  return graph.node('Reshape', [apart, graph.integers(sizes)]);
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

/** How many cells each window has: a number, or `[...spatial']`. */
function divisors(graph: GraphBuilder, { countIncludePad, ...window }: AvgWindow): string {
  const axes = windowAxes(window);
  const counts = axes
    .map((axis) => Array.from({ length: axis.output }, (_, position) => cellsIn(axis, position, countIncludePad)))
    .reduce((product, onAxis) => product.flatMap((count) => onAxis.map((other) => count * other)), [1]);
  const [first = 1] = counts;
  if (counts.every((count) => count === first)) return graph.scalar(first);
  return graph.constant(
    axes.map(({ output }) => output),
    Float32Array.from(counts),
  );
}

/** How many cells of a window lie in the input, or with `padded` in the padded one. */
function cellsIn({ input, kernel, stride, dilation, padding }: WindowAxis, position: number, padded: boolean): number {
  const margin = padded ? padding : 0;
  const cells = Array.from({ length: kernel }, (_, k) => position * stride - padding + k * dilation);
  return cells.filter((cell) => cell >= -margin && cell < input + margin).length;
}

/** ONNX's poolings need a batch and channels. */
function batched(
  graph: GraphBuilder,
  x: Operand,
  axes: readonly WindowAxis[],
  pool: (input: string) => string,
): string {
  const missing = axes.length + 2 - x.shape.length;
  if (missing === 0) return pool(x.name);
  const added = graph.integers(Array.from({ length: missing }, (_, axis) => axis));
  return graph.node('Squeeze', [pool(graph.node('Unsqueeze', [x.name, added])), added]);
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

export const pooling: Readonly<Record<string, Converter>> = {
  maxPool,
  avgPool,
  avgUnpool,
  softPool,
  importancePool,
  unfold,
};
