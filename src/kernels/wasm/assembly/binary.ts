/**
 * @file Elementwise functions of two storages with NumPy's broadcasting: y[i] = f(a[i], b[i], scalar).
 *
 *   binary(op, a, b, y, layout, scalar, firstTask, lastTask)    elementTasks(cells of y) tasks
 *   where(condition, a, b, y, length, firstTask, lastTask)      elementTasks(length) tasks
 *
 * `layout` is three axis lists (see strided.ts) of MAX_RANK i32 each: shape, strides of a, strides of b; 96 bytes.
 * `op` numbers `BinaryOp` of the kernel contract in its order: add 0, sub, mul, div, pow 4, maximum, minimum, equal 7,
 * greater, greaterEqual, less, lessEqual 11, addRelu, reluGrad, leakyReluGrad 14.
 * y may be a or b where that one is not broadcast.
 *
 * Rows of the innermost axis are what the loop is over. An operand walks a row in steps of one float or stays (scalars,
 * row and per-channel broadcasts); any other stride is gathered lane by lane.
 */
import { atLeast, ELEMENTS_PER_TASK, loadStrided, storeLanes } from './lanes';
import { powLanes } from './pow';
import { axis, AXES_BYTES, cellCount, innerSize, MAX_RANK, rowOffset } from './strided';

@inline
function asNumber(mask: v128): v128 {
  return v128.and(mask, f32x4.splat(1));
}

@unmanaged class Add { @inline apply(a: v128, b: v128, _s: v128): v128 { return f32x4.add(a, b); } }
@unmanaged class Sub { @inline apply(a: v128, b: v128, _s: v128): v128 { return f32x4.sub(a, b); } }
@unmanaged class Mul { @inline apply(a: v128, b: v128, _s: v128): v128 { return f32x4.mul(a, b); } }
@unmanaged class Div { @inline apply(a: v128, b: v128, _s: v128): v128 { return f32x4.div(a, b); } }
@unmanaged class Pow { @inline apply(a: v128, b: v128, _s: v128): v128 { return powLanes(a, b); } }
@unmanaged class Maximum { @inline apply(a: v128, b: v128, _s: v128): v128 { return f32x4.max(a, b); } }
@unmanaged class Minimum { @inline apply(a: v128, b: v128, _s: v128): v128 { return f32x4.min(a, b); } }
@unmanaged class Equal { @inline apply(a: v128, b: v128, _s: v128): v128 { return asNumber(f32x4.eq(a, b)); } }
@unmanaged class Greater { @inline apply(a: v128, b: v128, _s: v128): v128 { return asNumber(f32x4.gt(a, b)); } }
@unmanaged class GreaterEqual { @inline apply(a: v128, b: v128, _s: v128): v128 { return asNumber(f32x4.ge(a, b)); } }
@unmanaged class Less { @inline apply(a: v128, b: v128, _s: v128): v128 { return asNumber(f32x4.lt(a, b)); } }
@unmanaged class LessEqual { @inline apply(a: v128, b: v128, _s: v128): v128 { return asNumber(f32x4.le(a, b)); } }

@unmanaged
class AddRelu {
  @inline
  apply(a: v128, b: v128, _s: v128): v128 {
    return atLeast(f32x4.add(a, b), f32x4.splat(0));
  }
}

@unmanaged
class ReluGrad {
  @inline
  apply(a: v128, b: v128, _s: v128): v128 {
    return v128.and(a, f32x4.gt(b, f32x4.splat(0)));
  }
}

@unmanaged
class LeakyReluGrad {
  @inline
  apply(a: v128, b: v128, s: v128): v128 {
    return v128.bitselect(a, f32x4.mul(a, s), f32x4.gt(b, f32x4.splat(0)));
  }
}

/** One run of cells along the innermost axis. */
function each<F>(a: usize, strideA: i32, b: usize, strideB: i32, y: usize, count: i32, scalar: v128): void {
  const f = changetype<F>(0);
  const stepA = <usize>(strideA << 4);
  const stepB = <usize>(strideB << 4);
  for (; count >= 4; count -= 4) {
    v128.store(y, f.apply(loadStrided(a, strideA), loadStrided(b, strideB), scalar));
    a += stepA;
    b += stepB;
    y += 16;
  }
  for (; count > 0; count--) {
    v128.store32_lane(y, f.apply(v128.load32_splat(a), v128.load32_splat(b), scalar), 0);
    a += <usize>(strideA << 2);
    b += <usize>(strideB << 2);
    y += 4;
  }
}

function applyToRun(
  op: i32,
  a: usize,
  strideA: i32,
  b: usize,
  strideB: i32,
  y: usize,
  count: i32,
  scalar: v128,
): void {
  switch (op) {
    case 0: return each<Add>(a, strideA, b, strideB, y, count, scalar);
    case 1: return each<Sub>(a, strideA, b, strideB, y, count, scalar);
    case 2: return each<Mul>(a, strideA, b, strideB, y, count, scalar);
    case 3: return each<Div>(a, strideA, b, strideB, y, count, scalar);
    case 4: return each<Pow>(a, strideA, b, strideB, y, count, scalar);
    case 5: return each<Maximum>(a, strideA, b, strideB, y, count, scalar);
    case 6: return each<Minimum>(a, strideA, b, strideB, y, count, scalar);
    case 7: return each<Equal>(a, strideA, b, strideB, y, count, scalar);
    case 8: return each<Greater>(a, strideA, b, strideB, y, count, scalar);
    case 9: return each<GreaterEqual>(a, strideA, b, strideB, y, count, scalar);
    case 10: return each<Less>(a, strideA, b, strideB, y, count, scalar);
    case 11: return each<LessEqual>(a, strideA, b, strideB, y, count, scalar);
    case 12: return each<AddRelu>(a, strideA, b, strideB, y, count, scalar);
    case 13: return each<ReluGrad>(a, strideA, b, strideB, y, count, scalar);
    case 14: return each<LeakyReluGrad>(a, strideA, b, strideB, y, count, scalar);
  }
}

export function binary(
  op: i32,
  a: usize,
  b: usize,
  y: usize,
  layout: usize,
  scalar: f32,
  firstTask: i32,
  lastTask: i32,
): void {
  let first = firstTask * ELEMENTS_PER_TASK;
  const end = min(lastTask * ELEMENTS_PER_TASK, cellCount(layout));
  const s = f32x4.splat(scalar);
  const stridesA = layout + AXES_BYTES;
  const stridesB = stridesA + AXES_BYTES;
  const inner = innerSize(layout);
  const strideA = axis(stridesA, MAX_RANK - 1);
  const strideB = axis(stridesB, MAX_RANK - 1);
  while (first < end) {
    const row = first / inner;
    const column = first - row * inner;
    const count = min(inner - column, end - first);
    const rowA = a + (<usize>(rowOffset(layout, stridesA, row) + column * strideA) << 2);
    const rowB = b + (<usize>(rowOffset(layout, stridesB, row) + column * strideB) << 2);
    applyToRun(op, rowA, strideA, rowB, strideB, y + (<usize>first << 2), count, s);
    first += count;
  }
}

/** y[i] = a[i] where condition[i] ≠ 0 (NaN counts as true), else b[i]; all of one shape. */
export function where(
  condition: usize,
  a: usize,
  b: usize,
  y: usize,
  length: i32,
  firstTask: i32,
  lastTask: i32,
): void {
  const first = firstTask * ELEMENTS_PER_TASK;
  const end = min(lastTask * ELEMENTS_PER_TASK, length);
  const zero = f32x4.splat(0);
  for (let i = first; i < end; i += 4) {
    const at = <usize>i << 2;
    const chosen = v128.bitselect(v128.load(b + at), v128.load(a + at), f32x4.eq(v128.load(condition + at), zero));
    storeLanes(y + at, chosen, end - i);
  }
}
