/**
 * @file SoftPool and importance pooling: windows averaged with softmax weights. See poolWindows.ts for `geometry`, tasks
 * (planes) and scratch (`poolScratchBytes(geometry)`); softPool2x2.ts for the commonest window.
 *
 *   softPool(x, y, beta, geometry, scratch, first, last)
 *   softPoolGrad(g, x, xGrad, beta, geometry, scratch, first, last)
 *   importancePool(x, logits, y, geometry, scratch, first, last)
 *   importanceUnpool(g, logits, xGrad, geometry, scratch, first, last)
 *   importanceLogitsGrad(g, x, logits, logitsGrad, geometry, scratch, first, last)
 *
 *   e = 2^(c (ℓ − m)), m the largest logit     w = e/Σe     y = Σ w x
 *   softPool: ℓ = x, c = β log₂ e (m the smallest where β < 0)     importance: ℓ the logits, c = log₂ e
 *
 * Nothing overflows for finite inputs: values enter scaled by a power of two s, with which even the sum of a window's
 * greatest differences stays finite, and deviations from an origin in the window are averaged rather than values. That
 * keeps the digits of windows far from 0, gives constant windows exactly, and holds y between the window's extremes.
 */
import { clampExponent, exp2Weight } from './exp';
import { atLeast, atMost, evenLanes, loadStrided } from './lanes';
import { clearUncovered2x2, forEach2x2, isPool2x2 } from './pool2x2';
import { clearInputPlane, forEachBlock, PoolBlock, PoolGeometry } from './poolWindows';
import { madd } from './simd';
import {
  ImportanceLogitsGrad2x2,
  ImportancePool2x2,
  ImportanceUnpool2x2,
  SoftPool2x2,
  SoftPoolGrad2x2,
} from './softPool2x2';
import { addDeviation, LN_2, LOG2_E, safeScale, scaledExponent } from './softPoolScale';
import { SoftPoolState } from './softPoolState';

/** Copies a block's taps into its `values` and returns the largest (or smallest) of each window. */
function collect(block: PoolBlock, storage: usize, smallest: bool): v128 {
  const end = block.values + (<usize>block.taps << 4);
  const corner = storage + block.input;
  const stride = block.stride;
  let offset = block.offsets;
  let most = block.load(storage, 0);
  let least = most;
  for (let to = block.values; to < end; to += 16) {
    const at = corner + load<i32>(offset);
    const value = stride == 2 ? evenLanes(v128.load(at), v128.load(at, 16)) : loadStrided(at, stride);
    v128.store(to, value);
    most = f32x4.pmax(most, value);
    least = f32x4.pmin(least, value);
    offset += 4;
  }
  return smallest ? least : most;
}

/**
 * Makes `weights` from the `values` by s·(x − origin)·c/s in the exponent, and their sum; returns the weighted mean of the
 * scaled deviations s·(x − origin).
 */
function weigh(block: PoolBlock, origin: v128, scale: v128, exponent: v128): v128 {
  const shift = f32x4.neg(f32x4.mul(origin, scale));
  const toWeight = block.weights - block.values;
  const end = block.values + (<usize>block.taps << 4);
  let sum = f32x4.splat(0);
  let total = sum;
  for (let at = block.values; at < end; at += 16) {
    const deviation = madd(v128.load(at), scale, shift);
    const e = exp2Weight(clampExponent(f32x4.mul(deviation, exponent)));
    v128.store(at + toWeight, e);
    sum = f32x4.add(sum, e);
    total = madd(e, deviation, total);
  }
  v128.store(block.sum, sum);
  return f32x4.div(total, sum);
}

/** Makes `weights` and their sum from the logits. */
function weighLogits(block: PoolBlock, logits: usize): void {
  const most = collect(block, logits, false);
  const toWeight = block.weights - block.values;
  const end = block.values + (<usize>block.taps << 4);
  let sum = f32x4.splat(0);
  for (let at = block.values; at < end; at += 16) {
    const e = exp2Weight(clampExponent(f32x4.mul(f32x4.sub(v128.load(at), most), f32x4.splat(LOG2_E))));
    v128.store(at + toWeight, e);
    sum = f32x4.add(sum, e);
  }
  v128.store(block.sum, sum);
}

/** Returns s·Σ w (x − origin), x in `values`. */
function meanDeviation(block: PoolBlock, origin: v128, scale: v128): v128 {
  const shift = f32x4.neg(f32x4.mul(origin, scale));
  const toWeight = block.weights - block.values;
  const end = block.values + (<usize>block.taps << 4);
  let total = f32x4.splat(0);
  for (let at = block.values; at < end; at += 16) {
    total = madd(v128.load(at + toWeight), madd(v128.load(at), scale, shift), total);
  }
  return f32x4.div(total, v128.load(block.sum));
}

@unmanaged
class AnyWindow extends SoftPoolState {
  /** A window of padding alone. */
  @inline
  empty(block: PoolBlock): void {
    if (this.cotangent == 0) block.store(this.result, f32x4.splat(NaN));
  }
}

@unmanaged
class SoftPool extends AnyWindow {
  block(block: PoolBlock): void {
    const origin = collect(block, this.x, this.exponent < 0);
    const deviation = weigh(block, origin, this.scaleLanes, this.exponentLanes);
    block.store(this.result, addDeviation(origin, deviation, this.halfInverseLanes));
  }
}

@unmanaged
class SoftPoolGrad extends AnyWindow {
  /** gw (1 + β (x − y)) = g/Σe · e · (1 + ln 2 · (v − v̄)), v the exponent of a tap and v̄ that of y. */
  block(block: PoolBlock): void {
    const scale = this.scaleLanes;
    const exponent = this.exponentLanes;
    const origin = collect(block, this.x, this.exponent < 0);
    const mean = f32x4.mul(weigh(block, origin, scale, exponent), exponent);
    const shift = f32x4.neg(f32x4.mul(origin, scale));
    const upstream = f32x4.div(v128.load(this.cotangent + block.output), v128.load(block.sum));
    for (let tap = 0; tap < block.taps; tap++) {
      const at = <usize>tap << 4;
      const v = clampExponent(f32x4.mul(madd(v128.load(block.values + at), scale, shift), exponent));
      const slope = madd(f32x4.sub(v, mean), f32x4.splat(LN_2), f32x4.splat(1));
      v128.store(block.weights + at, f32x4.mul(f32x4.mul(upstream, v128.load(block.weights + at)), slope));
    }
    block.scatter(this.result);
  }
}

@unmanaged
class ImportancePool extends AnyWindow {
  block(block: PoolBlock): void {
    weighLogits(block, this.logits);
    const most = collect(block, this.x, false);
    const least = collect(block, this.x, true);
    const origin = v128.load(block.values);
    const y = addDeviation(origin, meanDeviation(block, origin, this.scaleLanes), this.halfInverseLanes);
    block.store(this.result, atLeast(atMost(y, most), least));
  }
}

@unmanaged
class ImportanceUnpool extends AnyWindow {
  block(block: PoolBlock): void {
    weighLogits(block, this.logits);
    const upstream = f32x4.div(v128.load(this.cotangent + block.output), v128.load(block.sum));
    for (let tap = 0; tap < block.taps; tap++) {
      const at = block.weights + (<usize>tap << 4);
      v128.store(at, f32x4.mul(upstream, v128.load(at)));
    }
    block.scatter(this.result);
  }
}

@unmanaged
class ImportanceLogitsGrad extends AnyWindow {
  block(block: PoolBlock): void {
    const scale = this.scaleLanes;
    weighLogits(block, this.logits);
    collect(block, this.x, false);
    const origin = v128.load(block.values);
    const mean = meanDeviation(block, origin, scale);
    const shift = f32x4.neg(f32x4.mul(origin, scale));
    const upstream = f32x4.div(v128.load(this.cotangent + block.output), v128.load(block.sum));
    for (let tap = 0; tap < block.taps; tap++) {
      const at = <usize>tap << 4;
      const deviation = f32x4.sub(madd(v128.load(block.values + at), scale, shift), mean);
      const share = f32x4.mul(upstream, v128.load(block.weights + at));
      v128.store(block.weights + at, f32x4.mul(f32x4.mul(share, deviation), this.inverseLanes));
    }
    block.scatter(this.result);
  }
}

/** Fills the state in scratch and runs the kernel for any window, or that for 2×2, over planes [first, last). */
function run<Any, Two>(
  x: usize,
  logits: usize,
  cotangent: usize,
  result: usize,
  beta: f32,
  g: PoolGeometry,
  scratch: usize,
  first: i32,
  last: i32,
): void {
  const state = changetype<SoftPoolState>(scratch);
  const scale = safeScale(g.taps);
  state.x = x;
  state.logits = logits;
  state.cotangent = cotangent;
  state.result = result;
  state.scale = scale;
  state.exponent = scaledExponent(beta * LOG2_E, scale);
  state.halfInverse = 0.5 / scale;
  state.inverse = 1 / scale;
  if (isPool2x2(g)) {
    if (cotangent != 0) clearUncovered2x2(result, g, first, last);
    forEach2x2<Two>(changetype<Two>(scratch), g, first, last);
    return;
  }
  for (let plane = first; plane < last; plane++) {
    if (cotangent != 0) clearInputPlane(result, g, plane);
    forEachBlock<Any>(changetype<Any>(scratch), g, plane, scratch);
  }
}

export function softPool(
  x: usize,
  y: usize,
  beta: f32,
  geometry: PoolGeometry,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  run<SoftPool, SoftPool2x2>(x, 0, 0, y, beta, geometry, scratch, firstTask, lastTask);
}

export function softPoolGrad(
  cotangent: usize,
  x: usize,
  xGrad: usize,
  beta: f32,
  geometry: PoolGeometry,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  run<SoftPoolGrad, SoftPoolGrad2x2>(x, 0, cotangent, xGrad, beta, geometry, scratch, firstTask, lastTask);
}

export function importancePool(
  x: usize,
  logits: usize,
  y: usize,
  geometry: PoolGeometry,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  run<ImportancePool, ImportancePool2x2>(x, logits, 0, y, 1, geometry, scratch, firstTask, lastTask);
}

export function importanceUnpool(
  cotangent: usize,
  logits: usize,
  xGrad: usize,
  geometry: PoolGeometry,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  run<ImportanceUnpool, ImportanceUnpool2x2>(0, logits, cotangent, xGrad, 1, geometry, scratch, firstTask, lastTask);
}

export function importanceLogitsGrad(
  cotangent: usize,
  x: usize,
  logits: usize,
  logitsGrad: usize,
  geometry: PoolGeometry,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  run<ImportanceLogitsGrad, ImportanceLogitsGrad2x2>(x, logits, cotangent, logitsGrad, 1, geometry, scratch, firstTask, lastTask);
}
