/**
 * @file Shapes: sizes, strides, axes and NumPy's broadcasting rule.
 */
import { ArgumentError, ShapeError } from '../errors.js';
import type { BroadcastLayout, ReduceLayout } from '../kernels/layouts.js';

export type Shape = readonly number[];

/** Number of cells; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Row-major strides. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= sizeAt(shape, axis);
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** @throws ShapeError if a size isn't a whole number of at least 0 */
export function checkShape(operation: string, shape: Shape): void {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new ShapeError(`${operation}: sizes must be whole numbers of at least 0, got [${shape}]`);
  }
}

/** Size of an axis that is known to exist. */
export function sizeAt(shape: Shape, axis: number): number {
  const size = shape[axis];
  if (size === undefined) throw new ShapeError(`shape [${shape}] has no axis ${axis}`);
  return size;
}

/** An axis counted from the front; negative ones count from the back. */
export function normalizeAxis(operation: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(`${operation}: axis ${axis} is out of range for rank ${rank}`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** One or several axes (default: all), counted from the front, sorted, without repeats. */
export function normalizeAxes(operation: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = (typeof axes === 'number' ? [axes] : axes).map((axis) => normalizeAxis(operation, axis, rank));
  if (new Set(list).size !== list.length) throw new ShapeError(`${operation}: axes [${axes}] repeat an axis`);
  return list.sort((a, b) => a - b);
}

/**
 * NumPy's rule: shapes are aligned at the last axis, and sizes must be equal or 1.
 *
 * @throws ShapeError that names both shapes
 */
export function broadcastShapes(operation: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new ShapeError(
        `${operation}: shapes [${a}] and [${b}] don't broadcast: axis ${axis} has ${sizeA} and ${sizeB}`,
      );
    }
    return sizeA === 1 ? sizeB : sizeA;
  });
}

/** Strides of `shape` read as if it had the shape `target`: 0 along repeated axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = stridesOf(shape);
  const missing = target.length - shape.length;
  return target.map((_, axis) => (axis < missing || shape[axis - missing] === 1 ? 0 : sizeAt(strides, axis - missing)));
}

/** How a kernel walks two operands together, with all axes merged that both walk without a jump. */
export function broadcastLayout(a: Shape, b: Shape, out: Shape): BroadcastLayout {
  const fullA = broadcastStrides(a, out);
  const fullB = broadcastStrides(b, out);
  const shape: number[] = [];
  const stridesA: number[] = [];
  const stridesB: number[] = [];
  out.forEach((size, axis) => {
    if (size === 1) return;
    const strideA = sizeAt(fullA, axis);
    const strideB = sizeAt(fullB, axis);
    const last = shape.length - 1;
    if (last >= 0 && stridesA[last] === strideA * size && stridesB[last] === strideB * size) {
      shape[last] = sizeAt(shape, last) * size;
      stridesA[last] = strideA;
      stridesB[last] = strideB;
    } else {
      shape.push(size);
      stridesA.push(strideA);
      stridesB.push(strideB);
    }
  });
  return { shape, stridesA, stridesB };
}

/** How a kernel walks a reduction over sorted `axes`, with neighbours of one kind merged. */
export function reduceLayout(shape: Shape, axes: readonly number[]): ReduceLayout {
  const sizes: number[] = [];
  const reduced: boolean[] = [];
  shape.forEach((size, axis) => {
    const isReduced = axes.includes(axis);
    const last = sizes.length - 1;
    if (last >= 0 && reduced[last] === isReduced) {
      sizes[last] = sizeAt(sizes, last) * size;
    } else {
      sizes.push(size);
      reduced.push(isReduced);
    }
  });
  return { shape: sizes, reduced };
}

/** The shape that remains after a reduction. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
  return keepDims
    ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !axes.includes(axis));
}

/** Replaces one −1 by the size that fits. */
export function resolveShape(operation: string, shape: Shape, size: number): number[] {
  const unknown = shape.filter((s) => s === -1).length;
  if (unknown > 1) throw new ArgumentError(`${operation}: only one size may be -1, got [${shape}]`);
  const known = shape.reduce((product, s) => (s === -1 ? product : product * s), 1);
  const resolved = shape.map((s) => (s === -1 && known > 0 ? size / known : s));
  checkShape(operation, resolved);
  if (sizeOf(resolved) !== size) throw new ShapeError(`${operation}: [${shape}] doesn't hold ${size} cells`);
  return resolved;
}
