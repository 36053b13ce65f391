/**
 * @file Moving cells: permutations, slices, padding and joining.
 */
import { ArgumentError, ShapeError } from '../errors.js';
import type { StridedLayout } from '../kernels/layouts.js';
import { normalizeAxes, normalizeAxis, type Shape, sameShape, sizeAt, sizeOf, stridesOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { defineOp, type Inputs, type Op } from './defineOp.js';
import { reshape, unsqueeze } from './reshape.js';

/** Some cells of x, or its cells placed among zeros: each the adjoint of the other. */
export interface Placement {
  readonly layout: StridedLayout;
  /** Shape of the larger tensor. */
  readonly full: Shape;
}

const gather: Op<readonly [Tensor], Placement> = defineOp({
  name: 'gather',
  shape: (_, { layout }) => layout.shape,
  forward: (kernels, [x], { layout }) => kernels.gatherStrided(x.storage, layout),
  vjp: (cotangent, { attributes: placement }) => [scatter([cotangent], placement)],
});

const scatter: Op<readonly [Tensor], Placement> = defineOp({
  name: 'scatter',
  shape: (_, { full }) => full,
  forward: (kernels, [x], { layout, full }) => kernels.scatterStrided(x.storage, layout, sizeOf(full)),
  vjp: (cotangent, { attributes: placement }) => [gather([cotangent], placement)],
});

const permuteOp: Op<readonly [Tensor], readonly number[]> = defineOp({
  name: 'permute',
  shape: ([x], axes) => axes.map((axis) => sizeAt(x.shape, axis)),
  forward: (kernels, [x], axes, shape) => {
    const strides = stridesOf(x.shape);
    return kernels.gatherStrided(x.storage, { shape, strides: axes.map((axis) => sizeAt(strides, axis)), offset: 0 });
  },
  vjp: (cotangent, { attributes: axes }) => [
    permute(
      cotangent,
      axes.map((_, axis) => axes.indexOf(axis)),
    ),
  ],
});

/**
 * Reorders axes: axis i of the result is axis `axes[i]` of `x`.
 *
 * @throws ShapeError if `axes` isn't a permutation of all axes
 */
export function permute(x: Tensor, axes: readonly number[]): Tensor {
  const order = axes.map((axis) => normalizeAxis('permute', axis, x.rank));
  if (order.length !== x.rank || new Set(order).size !== x.rank) {
    throw new ShapeError(`permute: axes [${axes}] must name each of the ${x.rank} axes of [${x.shape}] once`);
  }
  return order.every((axis, i) => axis === i) ? reshape(x, x.shape) : permuteOp([x], order);
}

/** Swaps two axes, by default the last two. */
export function transpose(x: Tensor, axis0 = -2, axis1 = -1): Tensor {
  const a = normalizeAxis('transpose', axis0, x.rank);
  const b = normalizeAxis('transpose', axis1, x.rank);
  return permute(
    x,
    x.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis)),
  );
}

/**
 * Cells `start[a]`, `start[a] + step[a]`, … up to but without `end[a]` on each axis a. Negative bounds count from the end;
 * missing ones take everything; bounds beyond the axis are clipped, as in NumPy.
 *
 * @throws ArgumentError if a step isn't a whole number of at least 1
 */
export function slice(
  x: Tensor,
  start: readonly number[],
  end: readonly (number | undefined)[] = [],
  step: readonly number[] = [],
): Tensor {
  if (start.length > x.rank || end.length > x.rank || step.length > x.rank) {
    throw new ShapeError(
      `slice: bounds for ${Math.max(start.length, end.length, step.length)} axes, but [${x.shape}] has ${x.rank}`,
    );
  }
  const strides = stridesOf(x.shape);
  let offset = 0;
  const walk = x.shape.map((size, axis) => {
    const by = step[axis] ?? 1;
    if (!Number.isInteger(by) || by < 1)
      throw new ArgumentError(`slice: steps must be whole numbers of at least 1, got [${step}]`);
    const from = clipBound(start[axis] ?? 0, size);
    const to = clipBound(end[axis] ?? size, size);
    const stride = sizeAt(strides, axis);
    offset += from * stride;
    return { size: Math.max(0, Math.ceil((to - from) / by)), stride: stride * by };
  });
  const shape = walk.map(({ size }) => size);
  if (sameShape(shape, x.shape)) return reshape(x, shape);
  return gather([x], { layout: { shape, strides: walk.map(({ stride }) => stride), offset }, full: x.shape });
}

/**
 * Reverses the order of the cells along `axes`.
 *
 * @throws ShapeError if an axis is named twice, or isn't there
 */
export function flip(x: Tensor, axes: number | readonly number[]): Tensor {
  const flipped = normalizeAxes('flip', axes, x.rank);
  if (x.size === 0) return reshape(x, x.shape);
  const strides = stridesOf(x.shape);
  const offset = flipped.reduce((total, axis) => total + (sizeAt(x.shape, axis) - 1) * sizeAt(strides, axis), 0);
  const signed = strides.map((stride, axis) => (flipped.includes(axis) ? -stride : stride));
  return gather([x], { layout: { shape: x.shape, strides: signed, offset }, full: x.shape });
}

/**
 * Surrounds `x` with zeros: `widths[i]` is how many before and after, for the last axes.
 *
 * @example pad(x, [[1, 1], [2, 2]]) // one row above and below, two columns left and right
 */
export function pad(x: Tensor, widths: readonly (readonly [number, number])[]): Tensor {
  const missing = x.rank - widths.length;
  if (missing < 0) throw new ShapeError(`pad: widths for ${widths.length} axes, but [${x.shape}] has ${x.rank}`);
  if (!widths.flat().every((width) => Number.isInteger(width) && width >= 0)) {
    throw new ArgumentError(`pad: widths must be whole numbers of at least 0, got [${widths.map((w) => `[${w}]`)}]`);
  }
  const widthsOf = (axis: number): readonly [number, number] => widths[axis - missing] ?? [0, 0];
  const full = x.shape.map((size, axis) => size + widthsOf(axis)[0] + widthsOf(axis)[1]);
  const strides = stridesOf(full);
  const offset = full.reduce((total, _, axis) => total + widthsOf(axis)[0] * sizeAt(strides, axis), 0);
  return scatter([x], { layout: { shape: x.shape, strides, offset }, full });
}

const concatOp: Op<Inputs, number> = defineOp({
  name: 'concat',
  shape: ([first, ...rest], axis) => {
    const sizes = rest.map((t) => {
      const fits = t?.rank === first.rank && t.shape.every((size, a) => a === axis || size === first.shape[a]);
      if (!t || !fits)
        throw new ShapeError(`concat: shapes [${first.shape}] and [${t?.shape}] differ beyond axis ${axis}`);
      return sizeAt(t.shape, axis);
    });
    return first.shape.map((size, a) => (a === axis ? sizes.reduce((total, s) => total + s, size) : size));
  },
  forward: (kernels, inputs, axis) => {
    const parts = inputs.flatMap((t) => (t ? [{ storage: t.storage, inner: sizeOf(t.shape.slice(axis)) }] : []));
    return kernels.concat(parts, sizeOf(inputs[0].shape.slice(0, axis)));
  },
  vjp: (cotangent, { inputs, attributes: axis }) => {
    let from = 0;
    return inputs.map((t) => {
      const start = from;
      from += t ? sizeAt(t.shape, axis) : 0;
      const end = from;
      return () => sliceAxis(cotangent, axis, start, end);
    });
  },
});

/**
 * Joins tensors along an existing axis.
 *
 * @throws ShapeError if the shapes differ on another axis
 */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first, ...rest] = tensors;
  if (!first) throw new ArgumentError('concat: needs at least one tensor');
  return concatOp([first, ...rest], normalizeAxis('concat', axis, first.rank));
}

/** Joins tensors of one shape along a new axis. */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  return concat(
    tensors.map((t) => unsqueeze(t, axis)),
    axis,
  );
}

/** Cells `start` up to but without `end` on one axis. */
export function sliceAxis(x: Tensor, axis: number, start: number, end: number): Tensor {
  const before = x.shape.slice(0, axis);
  return slice(x, [...before.map(() => 0), start], [...before, end]);
}

/** One position on an axis, which disappears. */
export function select(x: Tensor, axis: number, index: number): Tensor {
  const a = normalizeAxis('select', axis, x.rank);
  const i = normalizeAxis('select', index, sizeAt(x.shape, a));
  return reshape(
    sliceAxis(x, a, i, i + 1),
    x.shape.filter((_, other) => other !== a),
  );
}

function clipBound(bound: number, size: number): number {
  if (!Number.isInteger(bound)) throw new ArgumentError(`slice: bounds must be whole numbers, got ${bound}`);
  return Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size);
}
