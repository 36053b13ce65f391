/**
 * @file Sums, maxima and minima over any set of axes; the index of a maximum.
 *
 *   reduceParts(layout)                                          into how many parts the reduced cells are cut
 *   reduceTasks(layout)                                          tasks of `reduce`: parts × blocks of 16 outputs
 *   reduce(op, x, partials, layout, firstTask, lastTask)         → partials [parts, outputs] in float64
 *   reduceFinish(op, partials, y, outputs, parts, first, last)   combines them in order; elementTasks(outputs) tasks
 *   argMax(x, y, outer, size, inner, firstTask, lastTask)        elementTasks(outer · inner) tasks
 *
 * `op`: sum 0, max 1, min 2 (NaN wins). `layout` is an axis list (see strided.ts) of sizes followed by one of flags, 1 for
 * a reduced axis; 64 bytes.
 *
 * Sums are accurate: runs of at most 64 vectors are added in float32 lanes, everything beyond in float64. The partition
 * depends on the layout alone. Where the innermost axis is reduced the lanes lie along it, otherwise across 16 outputs.
 */
import { ELEMENTS_PER_TASK, firstLanes, highAsDouble, lowAsDouble } from './lanes';
import { axis, AXES_BYTES, MAX_RANK } from './strided';

/** Reductions to few outputs are cut into parts of at least this many cells, at most MAX_PARTS of them. */
const CELLS_PER_PART: i32 = 32768;
const MAX_PARTS: i32 = 64;

/** Outputs of one task where the lanes lie across outputs: one cache line. */
const OUTPUTS_PER_TASK: i32 = 16;

/** Vectors that are added in float32 before float64 takes over. */
const BLOCK: i32 = 64;

@unmanaged
class Sum {
  @inline get identity(): f32 { return 0; }
  @inline lanes(a: v128, b: v128): v128 { return f32x4.add(a, b); }
  @inline doubles(a: v128, b: v128): v128 { return f64x2.add(a, b); }
}

@unmanaged
class Max {
  @inline get identity(): f32 { return -Infinity; }
  @inline lanes(a: v128, b: v128): v128 { return f32x4.max(a, b); }
  @inline doubles(a: v128, b: v128): v128 { return f64x2.max(a, b); }
}

@unmanaged
class Min {
  @inline get identity(): f32 { return Infinity; }
  @inline lanes(a: v128, b: v128): v128 { return f32x4.min(a, b); }
  @inline doubles(a: v128, b: v128): v128 { return f64x2.min(a, b); }
}

@inline
function flags(layout: usize): usize {
  return layout + AXES_BYTES;
}

/** Product of the sizes of the axes whose flag is `flag`. */
function countOf(layout: usize, flag: i32): i32 {
  let count = 1;
  for (let i = 0; i < MAX_RANK; i++) {
    if (axis(flags(layout), i) == flag) count *= axis(layout, i);
  }
  return count;
}

/** Product of the sizes of the trailing axes whose flag is that of the innermost. */
function innerRun(layout: usize): i32 {
  const flag = axis(flags(layout), MAX_RANK - 1);
  let run = 1;
  for (let i = MAX_RANK - 1; i >= 0 && axis(flags(layout), i) == flag; i--) run *= axis(layout, i);
  return run;
}

/** Offset in x of index `index` over the axes whose flag is `flag`. */
function offsetOf(layout: usize, flag: i32, index: i32): i32 {
  let offset = 0;
  let stride = 1;
  for (let i = MAX_RANK - 1; index > 0; i--) {
    const size = axis(layout, i);
    if (axis(flags(layout), i) == flag) {
      const next = index / size;
      offset += (index - next * size) * stride;
      index = next;
    }
    stride *= size;
  }
  return offset;
}

/** Floats between two neighbours along the innermost reduced axis. */
function reducedStride(layout: usize): i32 {
  let stride = 1;
  for (let i = MAX_RANK - 1; i >= 0 && axis(flags(layout), i) == 0; i--) stride *= axis(layout, i);
  return stride;
}

/** Size of the innermost reduced axis. */
function reducedRun(layout: usize): i32 {
  for (let i = MAX_RANK - 1; i >= 0; i--) {
    if (axis(flags(layout), i) == 1) return axis(layout, i);
  }
  return 1;
}

export function reduceParts(layout: usize): i32 {
  return max(1, min(MAX_PARTS, countOf(layout, 1) / CELLS_PER_PART));
}

@inline
function outputBlocks(outputs: i32): i32 {
  return (outputs + OUTPUTS_PER_TASK - 1) / OUTPUTS_PER_TASK;
}

export function reduceTasks(layout: usize): i32 {
  return reduceParts(layout) * outputBlocks(countOf(layout, 0));
}

/** Reduces `count` neighbouring floats. */
function reduceRun<R>(x: usize, count: i32): f64 {
  const r = changetype<R>(0);
  const identity = f32x4.splat(r.identity);
  let total = f64x2.splat(<f64>r.identity);
  while (count > 0) {
    let a = identity;
    let b = identity;
    let block = min(count, BLOCK * 4);
    count -= block;
    for (; block >= 8; block -= 8) {
      a = r.lanes(a, v128.load(x));
      b = r.lanes(b, v128.load(x, 16));
      x += 32;
    }
    for (; block > 0; block -= 4) {
      a = r.lanes(a, v128.bitselect(v128.load(x), identity, firstLanes(block)));
      x += 16;
    }
    a = r.lanes(a, b);
    total = r.doubles(total, r.doubles(lowAsDouble(a), highAsDouble(a)));
  }
  return f64x2.extract_lane(r.doubles(total, v128.shuffle<i64>(total, total, 1, 0)), 0);
}

/** The reduced indices [first, end) of each output of a block, one output at a time. */
function reduceAlong<R>(x: usize, partials: usize, layout: usize, output: i32, outputEnd: i32, first: i32, end: i32): void {
  const r = changetype<R>(0);
  const inner = innerRun(layout);
  for (; output < outputEnd; output++) {
    const base = x + (<usize>offsetOf(layout, 0, output) << 2);
    let total = f64x2.splat(<f64>r.identity);
    for (let index = first; index < end; ) {
      const count = min(inner - (index % inner), end - index);
      const part = reduceRun<R>(base + (<usize>offsetOf(layout, 1, index) << 2), count);
      total = r.doubles(total, f64x2.splat(part));
      index += count;
    }
    f64.store(partials + (<usize>output << 3), f64x2.extract_lane(total, 0));
  }
}

/** The reduced indices [first, end) of four neighbouring outputs at once; stores `lanes` of them. */
function reduceAcross<R>(x: usize, partials: usize, layout: usize, lanes: i32, first: i32, end: i32): void {
  const r = changetype<R>(0);
  const stride = <usize>reducedStride(layout) << 2;
  const run = reducedRun(layout);
  let low = f64x2.splat(<f64>r.identity);
  let high = low;
  for (let index = first; index < end; ) {
    const count = min(min(run - (index % run), end - index), BLOCK);
    let at = x + (<usize>offsetOf(layout, 1, index) << 2);
    let sum = f32x4.splat(r.identity);
    for (let i = 0; i < count; i++) {
      sum = r.lanes(sum, v128.load(at));
      at += stride;
    }
    low = r.doubles(low, lowAsDouble(sum));
    high = r.doubles(high, highAsDouble(sum));
    index += count;
  }
  f64.store(partials, f64x2.extract_lane(low, 0));
  if (lanes > 1) f64.store(partials, f64x2.extract_lane(low, 1), 8);
  if (lanes > 2) f64.store(partials, f64x2.extract_lane(high, 0), 16);
  if (lanes > 3) f64.store(partials, f64x2.extract_lane(high, 1), 24);
}

function reduceTask<R>(x: usize, partials: usize, layout: usize, task: i32): void {
  const outputs = countOf(layout, 0);
  const reduced = countOf(layout, 1);
  const parts = reduceParts(layout);
  const blocks = outputBlocks(outputs);
  const part = task / blocks;
  const first = <i32>((<i64>reduced * part) / parts);
  const end = <i32>((<i64>reduced * (part + 1)) / parts);
  let output = (task - part * blocks) * OUTPUTS_PER_TASK;
  const outputEnd = min(output + OUTPUTS_PER_TASK, outputs);
  partials += <usize>(part * outputs) << 3;
  if (axis(flags(layout), MAX_RANK - 1) == 1) {
    reduceAlong<R>(x, partials, layout, output, outputEnd, first, end);
    return;
  }
  const inner = innerRun(layout);
  while (output < outputEnd) {
    const lanes = min(min(4, inner - (output % inner)), outputEnd - output);
    const base = x + (<usize>offsetOf(layout, 0, output) << 2);
    reduceAcross<R>(base, partials + (<usize>output << 3), layout, lanes, first, end);
    output += lanes;
  }
}

export function reduce(op: i32, x: usize, partials: usize, layout: usize, firstTask: i32, lastTask: i32): void {
  for (let task = firstTask; task < lastTask; task++) {
    if (op == 0) reduceTask<Sum>(x, partials, layout, task);
    else if (op == 1) reduceTask<Max>(x, partials, layout, task);
    else reduceTask<Min>(x, partials, layout, task);
  }
}

export function reduceFinish(
  op: i32,
  partials: usize,
  y: usize,
  outputs: i32,
  parts: i32,
  firstTask: i32,
  lastTask: i32,
): void {
  const end = min(lastTask * ELEMENTS_PER_TASK, outputs);
  for (let output = firstTask * ELEMENTS_PER_TASK; output < end; output++) {
    let total = f64.load(partials + (<usize>output << 3));
    for (let part = 1; part < parts; part++) {
      const next = f64.load(partials + (<usize>(part * outputs + output) << 3));
      if (op == 0) total += next;
      else total = op == 1 ? max(total, next) : min(total, next);
    }
    f32.store(y + (<usize>output << 2), <f32>total);
  }
}

/** The index of the first maximum along the middle axis of [outer, size, inner]; the first NaN wins. */
export function argMax(
  x: usize,
  y: usize,
  outer: i32,
  size: i32,
  inner: i32,
  firstTask: i32,
  lastTask: i32,
): void {
  const end = min(lastTask * ELEMENTS_PER_TASK, outer * inner);
  const step = <usize>inner << 2;
  for (let row = firstTask * ELEMENTS_PER_TASK; row < end; row++) {
    const o = row / inner;
    let at = x + (<usize>(o * size * inner + row - o * inner) << 2);
    let best = load<f32>(at);
    let index = 0;
    for (let i = 1; i < size && best == best; i++) {
      at += step;
      const value = load<f32>(at);
      if (!(value <= best)) {
        best = value;
        index = i;
      }
    }
    f32.store(y + (<usize>row << 2), <f32>index);
  }
}
