/**
 * @file Softmax and its logarithm along an axis; the cross-entropy built on them.
 *
 *   softmaxScratchBytes(size)                                                     scratch of all four kernels
 *   rowTasks(outer, size, inner)                                                  tasks of all four kernels
 *   softmax(x, y, outer, size, inner, log, scratch, first, last)
 *   crossEntropy(logits, labels, y, outer, size, inner, smoothing, scratch, first, last)
 *   crossEntropyGrad(cotangent, logits, labels, y, outer, size, inner, smoothing, scratch, first, last)
 *
 * A row is the middle axis of [outer, size, inner]; labels and cotangents hold one number per row, [outer, inner].
 *
 *   softmax(x)ⱼ = e^(xⱼ − m) / Σ e^(xᵢ − m)     m = max x
 *   loss = −Σ targetⱼ log softmax(x)ⱼ            targetⱼ = (1 − s)·[j = label] + s/size
 *
 * A task is a group of rows of about a thousand numbers. A row is gathered into scratch, worked on there in whole vectors
 * (cells behind its end hold −∞, whose exponential is 0) and scattered: where inner is 1 that is a plain copy.
 */
import { exp, log } from './exp';
import { sumLanes } from './lanes';

/** Numbers of one task. */
const TASK_SIZE: i32 = 1024;

export function softmaxScratchBytes(size: i32): i32 {
  return ((size + 3) & ~3) << 2;
}

@inline
function rowsPerTask(size: i32): i32 {
  return max(1, TASK_SIZE / max(size, 1));
}

export function rowTasks(outer: i32, size: i32, inner: i32): i32 {
  const rows = rowsPerTask(size);
  return (outer * inner + rows - 1) / rows;
}

/** Offset in bytes of the first number of row `row`. */
@inline
function rowStart(row: i32, size: i32, inner: i32): usize {
  const outer = row / inner;
  return <usize>(outer * size * inner + row - outer * inner) << 2;
}

/** Copies a row into scratch and pads it with −∞ to whole vectors. */
function gatherRow(x: usize, size: i32, inner: i32, row: usize): void {
  const padded = row + <usize>softmaxScratchBytes(size);
  const end = row + (<usize>size << 2);
  if (inner == 1) {
    memory.copy(row, x, <usize>size << 2);
    row = end;
  }
  for (; row < end; row += 4) {
    f32.store(row, f32.load(x));
    x += <usize>inner << 2;
  }
  for (; row < padded; row += 4) f32.store(row, -Infinity);
}

function scatterRow(row: usize, size: i32, inner: i32, y: usize): void {
  if (inner == 1) {
    memory.copy(y, row, <usize>size << 2);
    return;
  }
  for (const end = row + (<usize>size << 2); row < end; row += 4) {
    f32.store(y, f32.load(row));
    y += <usize>inner << 2;
  }
}

/** Returns the maximum of a padded row; NaN wins. */
function maximumOf(row: usize, size: i32): v128 {
  let most = f32x4.splat(-Infinity);
  for (const end = row + (<usize>size << 2); row < end; row += 16) most = f32x4.max(most, v128.load(row));
  most = f32x4.max(most, v128.shuffle<i64>(most, most, 1, 0));
  return f32x4.max(most, v128.shuffle<f32>(most, most, 1, 0, 3, 2));
}

/** Subtracts the maximum from a padded row. */
function subtractMaximum(row: usize, size: i32): void {
  const most = maximumOf(row, size);
  for (const end = row + (<usize>size << 2); row < end; row += 16) {
    v128.store(row, f32x4.sub(v128.load(row), most));
  }
}

/** Stores e^x for a padded row (which may be `to` itself) and returns the sum. */
function exponentials(row: usize, to: usize, size: i32): f32 {
  let total: f64 = 0;
  for (const end = row + (<usize>size << 2); row < end; row += 16) {
    const e = exp(v128.load(row));
    v128.store(to, e);
    total += sumLanes(e);
    to += 16;
  }
  return <f32>total;
}

/** Returns log Σ e^x of a padded row. */
function logSumExp(row: usize, size: i32): f32 {
  let total: f64 = 0;
  for (const end = row + (<usize>size << 2); row < end; row += 16) total += sumLanes(exp(v128.load(row)));
  return f32x4.extract_lane(log(f32x4.splat(<f32>total)), 0);
}

/** row ← row · scale + shift. */
function affine(row: usize, size: i32, scale: f32, shift: f32): void {
  const a = f32x4.splat(scale);
  const b = f32x4.splat(shift);
  for (const end = row + (<usize>size << 2); row < end; row += 16) {
    v128.store(row, f32x4.add(f32x4.mul(v128.load(row), a), b));
  }
}

export function softmax(
  x: usize,
  y: usize,
  outer: i32,
  size: i32,
  inner: i32,
  logarithm: i32,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const rows = rowsPerTask(size);
  const end = min(lastTask * rows, outer * inner);
  for (let row = firstTask * rows; row < end; row++) {
    const at = rowStart(row, size, inner);
    gatherRow(x + at, size, inner, scratch);
    subtractMaximum(scratch, size);
    if (logarithm) affine(scratch, size, 1, -logSumExp(scratch, size));
    else affine(scratch, size, 1 / exponentials(scratch, scratch, size), 0);
    scatterRow(scratch, size, inner, y + at);
  }
}

/** Σ of a row's numbers. */
function rowSum(row: usize, size: i32): f64 {
  let total: f64 = 0;
  for (const end = row + (<usize>size << 2); row < end; row += 4) total += <f64>f32.load(row);
  return total;
}

export function crossEntropy(
  logits: usize,
  labels: usize,
  y: usize,
  outer: i32,
  size: i32,
  inner: i32,
  smoothing: f32,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const rows = rowsPerTask(size);
  const end = min(lastTask * rows, outer * inner);
  for (let row = firstTask * rows; row < end; row++) {
    gatherRow(logits + rowStart(row, size, inner), size, inner, scratch);
    subtractMaximum(scratch, size);
    const label = <i32>f32.load(labels + (<usize>row << 2));
    // −Σ targetⱼ (xⱼ − lse) = lse − Σ targetⱼ xⱼ, since the targets sum to 1.
    let expected = (1 - <f64>smoothing) * <f64>f32.load(scratch + (<usize>label << 2));
    if (smoothing != 0) expected += (<f64>smoothing / <f64>size) * rowSum(scratch, size);
    f32.store(y + (<usize>row << 2), <f32>(<f64>logSumExp(scratch, size) - expected));
  }
}

export function crossEntropyGrad(
  cotangent: usize,
  logits: usize,
  labels: usize,
  y: usize,
  outer: i32,
  size: i32,
  inner: i32,
  smoothing: f32,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const rows = rowsPerTask(size);
  const end = min(lastTask * rows, outer * inner);
  for (let row = firstTask * rows; row < end; row++) {
    const at = rowStart(row, size, inner);
    gatherRow(logits + at, size, inner, scratch);
    subtractMaximum(scratch, size);
    const upstream = f32.load(cotangent + (<usize>row << 2));
    const scale = upstream / exponentials(scratch, scratch, size);
    affine(scratch, size, scale, (-upstream * smoothing) / <f32>size);
    const label = scratch + (<usize>(<i32>f32.load(labels + (<usize>row << 2))) << 2);
    f32.store(label, f32.load(label) - upstream * (1 - smoothing));
    scatterRow(scratch, size, inner, y + at);
  }
}
