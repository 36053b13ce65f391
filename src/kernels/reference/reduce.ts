/**
 * @file Reductions along axes and rows.
 */
import type { ReduceOp } from '../kernels.js';
import type { ReduceLayout, RowGeometry } from '../layouts.js';
import { allocate, at, offsetsOf, type ReferenceStorage } from './storage.js';

const start: Record<ReduceOp, number> = { sum: 0, max: Number.NEGATIVE_INFINITY, min: Number.POSITIVE_INFINITY };

const combine: Record<ReduceOp, (total: number, value: number) => number> = {
  sum: (total, value) => total + value,
  max: Math.max,
  min: Math.min,
};

export function reduce(op: ReduceOp, x: ReferenceStorage, { shape, reduced }: ReduceLayout): ReferenceStorage {
  const kept = shape.map((size, axis) => (reduced[axis] ? 1 : size));
  const length = kept.reduce((product, size) => product * size, 1);
  const totals = new Float64Array(length).fill(start[op]);
  let stride = length;
  const strides = kept.map((size, axis) => {
    stride /= size || 1;
    return reduced[axis] ? 0 : stride;
  });
  const target = offsetsOf(shape, strides);
  const f = combine[op];
  for (let i = 0; i < x.length; i++) totals[at(target, i)] = f(at(totals, at(target, i)), at(x.values, i));
  const out = allocate(length, x.dtype);
  out.values.set(totals);
  return out;
}

/** Calls `visit` with the offset of each row's first cell; its cells are `inner` apart. */
function forEachRow({ outer, size, inner }: RowGeometry, visit: (offset: number, row: number) => void): void {
  for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) visit(o * size * inner + i, o * inner + i);
}

/** The row's largest value, and log Σ exp(x − max). */
function logSumExp(x: ReferenceStorage, offset: number, { size, inner }: RowGeometry): { max: number; log: number } {
  let max = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < size; j++) max = Math.max(max, at(x.values, offset + j * inner));
  let total = 0;
  for (let j = 0; j < size; j++) total += Math.exp(at(x.values, offset + j * inner) - max);
  return { max, log: Math.log(total) };
}

export function argMax(x: ReferenceStorage, rows: RowGeometry): ReferenceStorage {
  const out = allocate(rows.outer * rows.inner, x.dtype);
  forEachRow(rows, (offset, row) => {
    let best = 0;
    for (let j = 1; j < rows.size; j++) {
      const value = at(x.values, offset + j * rows.inner);
      const current = at(x.values, offset + best * rows.inner);
      if (value > current || (Number.isNaN(value) && !Number.isNaN(current))) best = j;
    }
    out.values[row] = best;
  });
  return out;
}

export function softmax(x: ReferenceStorage, rows: RowGeometry, log: boolean): ReferenceStorage {
  const out = allocate(x.length, x.dtype);
  forEachRow(rows, (offset) => {
    const norm = logSumExp(x, offset, rows);
    for (let j = 0; j < rows.size; j++) {
      const cell = offset + j * rows.inner;
      const logarithm = at(x.values, cell) - norm.max - norm.log;
      out.values[cell] = log ? logarithm : Math.exp(logarithm);
    }
  });
  return out;
}

/** Weight of class j in the target of a row with this label. */
function target(label: number, j: number, classes: number, smoothing: number): number {
  return smoothing / classes + (j === label ? 1 - smoothing : 0);
}

export function crossEntropy(
  logits: ReferenceStorage,
  labels: ReferenceStorage,
  rows: RowGeometry,
  smoothing: number,
): ReferenceStorage {
  const out = allocate(rows.outer * rows.inner, logits.dtype);
  forEachRow(rows, (offset, row) => {
    const norm = logSumExp(logits, offset, rows);
    let loss = 0;
    for (let j = 0; j < rows.size; j++) {
      const weight = target(at(labels.values, row), j, rows.size, smoothing);
      if (weight > 0) loss -= weight * (at(logits.values, offset + j * rows.inner) - norm.max - norm.log);
    }
    out.values[row] = loss;
  });
  return out;
}

export function crossEntropyGrad(
  cotangent: ReferenceStorage,
  logits: ReferenceStorage,
  labels: ReferenceStorage,
  rows: RowGeometry,
  smoothing: number,
): ReferenceStorage {
  const out = softmax(logits, rows, false);
  forEachRow(rows, (offset, row) => {
    for (let j = 0; j < rows.size; j++) {
      const cell = offset + j * rows.inner;
      const difference = at(out.values, cell) - target(at(labels.values, row), j, rows.size, smoothing);
      out.values[cell] = at(cotangent.values, row) * difference;
    }
  });
  return out;
}
