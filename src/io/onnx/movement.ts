/**
 * @file Reductions, and operations that move cells, in ONNX.
 */
import type { Placement } from '../../ops/movement.js';
import type { Reduction } from '../../ops/reduce.js';
import { type Shape, sizeAt, stridesOf } from '../../tensor/shape.js';
import { type Converter, converter, NotConvertible, type Operand } from './converter.js';

type One = readonly [Operand];

/** Where a slice ends that takes everything, forwards or backwards. */
const TO_THE_END = 2n ** 63n - 1n;
const TO_THE_START = -(2n ** 63n);

/** ReduceSum has its axes as an input since version 13, the others only since 18. */
const sum = converter<One, Reduction>((graph, { inputs: [x], attributes: { axes, keepDims } }) => {
  if (axes.length === 0) return x.name;
  return graph.node('ReduceSum', [x.name, graph.integers(axes)], { keepdims: { int: Number(keepDims) } });
});

const extremum = (opType: string): Converter =>
  converter<One, Reduction>((graph, { inputs: [x], attributes: { axes, keepDims } }) => {
    if (axes.length === 0) return x.name;
    return graph.node(opType, [x.name], { axes: { ints: axes }, keepdims: { int: Number(keepDims) } });
  });

const argMax = converter<One, number>((graph, { inputs: [x], attributes: axis }) => {
  const index = graph.node('ArgMax', [x.name], { axis: { int: axis }, keepdims: { int: 0 } });
  return graph.node('Cast', [index], { to: { int: 1 } });
});

const alongAxis = (opType: string): Converter =>
  converter<One, number>((graph, { inputs: [x], attributes: axis }) =>
    graph.node(opType, [x.name], { axis: { int: axis } }),
  );

const permute = converter<One, readonly number[]>((graph, { inputs: [x], attributes: axes }) =>
  graph.node('Transpose', [x.name], { perm: { ints: axes } }),
);

const concat = converter<readonly Operand[], number>((graph, { inputs, attributes: axis }) =>
  graph.node(
    'Concat',
    inputs.map(({ name }) => name),
    { axis: { int: axis } },
  ),
);

/** Expand takes 1 for an axis that stays as it is, so that a batch need not be known. */
const broadcastTo = converter<One, Shape>((graph, { inputs: [x], attributes: shape }) => {
  const missing = shape.length - x.shape.length;
  const sizes = shape.map((size, axis) => (axis >= missing && x.shape[axis - missing] === size ? 1 : size));
  return graph.node('Expand', [x.name, graph.shape(sizes)]);
});

/** Slices and flips. */
const gather = converter<One, Placement>((graph, { inputs: [x], attributes: placement }) => {
  const walks = walksOf(placement);
  const cut = walks.flatMap((walk, axis) => (isWhole(walk) ? [] : [{ ...walk, axis }]));
  if (cut.length === 0) return x.name;
  const starts = cut.map(({ start, step, full }) => (step < 0 && start === full - 1 ? -1 : start));
  const ends = cut.map(({ start, step, size, full }) => {
    const end = start + size * step;
    if (step < 0) return end < 0 ? TO_THE_START : end;
    return end >= full ? TO_THE_END : end;
  });
  const lists = [starts, ends, cut.map(({ axis }) => axis), cut.map(({ step }) => step)];
  return graph.node('Slice', [x.name, ...lists.map((list) => graph.integers(list))]);
});

/** Zeros around. */
const scatter = converter<One, Placement>((graph, { inputs: [x], attributes: placement }) => {
  const walks = walksOf(placement);
  if (walks.some(({ step, size }) => step !== 1 && size > 1)) {
    throw new NotConvertible('it places cells apart from each other, as the gradient of a slice with steps does');
  }
  const before = walks.map(({ start }) => start);
  const after = walks.map(({ start, size, full }) => full - size - start);
  return graph.node('Pad', [x.name, graph.integers([...before, ...after]), graph.scalar(0)]);
});

/** The cells of one axis that are taken or filled: `start`, `start + step`, …, `size` of `full`. */
interface Walk {
  readonly start: number;
  readonly step: number;
  readonly size: number;
  readonly full: number;
}

/** Strides and offset, axis by axis. */
function walksOf({ layout, full }: Placement): Walk[] {
  const strides = stridesOf(full);
  let rest = layout.offset;
  return full.map((length, axis) => {
    const stride = sizeAt(strides, axis);
    const start = length === 1 ? 0 : Math.floor(rest / stride);
    rest -= start * stride;
    const size = sizeAt(layout.shape, axis);
    return { start, step: size === 1 ? 1 : sizeAt(layout.strides, axis) / stride, size, full: length };
  });
}

function isWhole({ start, step, size, full }: Walk): boolean {
  return start === 0 && step === 1 && size === full;
}

export const movement: Readonly<Record<string, Converter>> = {
  sum,
  max: extremum('ReduceMax'),
  min: extremum('ReduceMin'),
  argMax,
  softmax: alongAxis('Softmax'),
  logSoftmax: alongAxis('LogSoftmax'),
  permute,
  concat,
  broadcastTo,
  gather,
  scatter,
};
