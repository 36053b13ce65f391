/**
 * @file SoftPool and importance pooling: windows averaged with softmax weights. See poolWindows.ts for `geometry`, tasks
 * (planes) and scratch (`poolScratchBytes(geometry)`); softPool2x2.ts for the common window.
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
import { atLeast, atMost } from './lanes';
import { clearInputPlane, forEachBlock, PoolBlock, PoolGeometry } from './poolWindows';
import { isPool2x2 } from './pool2x2';
import { madd } from './simd';
import { addDeviation, LN_2, LOG2_E, safeScale, scaledExponent } from './softPoolScale';
import { softPool2x2, softPoolGrad2x2 } from './softPool2x2';

/** Copies a block's taps into its `values`. */
function collect(block: PoolBlock, storage: usize): void {
  let to = block.values;
  for (let tap = 0; tap < block.taps; tap++) {
    v128.store(to, block.load(storage, tap));
    to += 16;
  }
}

/** Returns the largest (or smallest) of each window's `values`. */
function extreme(block: PoolBlock, smallest: bool): v128 {
  const first = block.values;
  const end = first + (<usize>block.taps << 4);
  let most = v128.load(first);
  if (smallest) for (let at = first + 16; at < end; at += 16) most = f32x4.pmin(most, v128.load(at));
  else for (let at = first + 16; at < end; at += 16) most = f32x4.pmax(most, v128.load(at));
  return most;
}

/** Makes `weights` from the logits in `values`, s·(ℓ − m)·c/s in the exponent, and returns their sum. */
function weigh(block: PoolBlock, origin: v128, scale: v128, exponent: v128): v128 {
  const shift = f32x4.neg(f32x4.mul(origin, scale));
  const step = block.weights - block.values;
  const end = block.values + (<usize>block.taps << 4);
  let sum = f32x4.splat(0);
  for (let at = block.values; at < end; at += 16) {
    const e = exp2Weight(clampExponent(f32x4.mul(madd(v128.load(at), scale, shift), exponent)));
    v128.store(at + step, e);
    sum = f32x4.add(sum, e);
  }
  return sum;
}

/** Returns s·Σ w (x − origin), x in `values`. */
function meanDeviation(block: PoolBlock, origin: v128, scale: v128, sum: v128): v128 {
  const shift = f32x4.neg(f32x4.mul(origin, scale));
  const step = block.weights - block.values;
  const end = block.values + (<usize>block.taps << 4);
  let total = f32x4.splat(0);
  for (let at = block.values; at < end; at += 16) {
    total = madd(v128.load(at + step), madd(v128.load(at), scale, shift), total);
  }
  return f32x4.div(total, sum);
}

/** What the five kernels keep in their scratch. */
@unmanaged
class State {
  x: usize;
  logits: usize;
  cotangent: usize;
  result: usize;
  scale: f32;
  /** c/s */
  exponent: f32;

  @inline
  get halfInverse(): v128 {
    return f32x4.splat(0.5 / this.scale);
  }

  /** A window of padding alone. */
  @inline
  empty(block: PoolBlock): void {
    if (this.cotangent == 0) block.store(this.result, f32x4.splat(NaN));
  }
}

@unmanaged
class SoftPool extends State {
  block(block: PoolBlock): void {
    const scale = f32x4.splat(this.scale);
    collect(block, this.x);
    const origin = extreme(block, this.exponent < 0);
    const sum = weigh(block, origin, scale, f32x4.splat(this.exponent));
    block.store(this.result, addDeviation(origin, meanDeviation(block, origin, scale, sum), this.halfInverse));
  }
}

@unmanaged
class SoftPoolGrad extends State {
  /** gw (1 + β (x − y)) = g/Σe · e · (1 + ln 2 · (v − v̄)), v the exponent of a tap and v̄ that of y. */
  block(block: PoolBlock): void {
    const scale = f32x4.splat(this.scale);
    const exponent = f32x4.splat(this.exponent);
    collect(block, this.x);
    const origin = extreme(block, this.exponent < 0);
    const sum = weigh(block, origin, scale, exponent);
    const mean = f32x4.mul(meanDeviation(block, origin, scale, sum), exponent);
    const shift = f32x4.neg(f32x4.mul(origin, scale));
    const upstream = f32x4.div(v128.load(this.cotangent + block.output), sum);
    for (let tap = 0; tap < block.taps; tap++) {
      const at = <usize>tap << 4;
      const v = clampExponent(f32x4.mul(madd(v128.load(block.values + at), scale, shift), exponent));
      const slope = madd(f32x4.sub(v, mean), f32x4.splat(LN_2), f32x4.splat(1));
      block.add(this.result, tap, f32x4.mul(f32x4.mul(upstream, v128.load(block.weights + at)), slope));
    }
  }
}

@unmanaged
class ImportancePool extends State {
  block(block: PoolBlock): void {
    const scale = f32x4.splat(this.scale);
    collect(block, this.logits);
    const sum = weigh(block, extreme(block, false), f32x4.splat(1), f32x4.splat(LOG2_E));
    collect(block, this.x);
    const origin = v128.load(block.values);
    const y = addDeviation(origin, meanDeviation(block, origin, scale, sum), this.halfInverse);
    block.store(this.result, atLeast(atMost(y, extreme(block, false)), extreme(block, true)));
  }
}

@unmanaged
class ImportanceUnpool extends State {
  block(block: PoolBlock): void {
    collect(block, this.logits);
    const sum = weigh(block, extreme(block, false), f32x4.splat(1), f32x4.splat(LOG2_E));
    const upstream = f32x4.div(v128.load(this.cotangent + block.output), sum);
    for (let tap = 0; tap < block.taps; tap++) {
      block.add(this.result, tap, f32x4.mul(upstream, v128.load(block.weights + (<usize>tap << 4))));
    }
  }
}

@unmanaged
class ImportanceLogitsGrad extends State {
  block(block: PoolBlock): void {
    const scale = f32x4.splat(this.scale);
    collect(block, this.logits);
    const sum = weigh(block, extreme(block, false), f32x4.splat(1), f32x4.splat(LOG2_E));
    collect(block, this.x);
    const origin = v128.load(block.values);
    const mean = meanDeviation(block, origin, scale, sum);
    const shift = f32x4.neg(f32x4.mul(origin, scale));
    const upstream = f32x4.div(v128.load(this.cotangent + block.output), sum);
    const inverse = f32x4.splat(1 / this.scale);
    for (let tap = 0; tap < block.taps; tap++) {
      const at = <usize>tap << 4;
      const deviation = f32x4.sub(madd(v128.load(block.values + at), scale, shift), mean);
      const share = f32x4.mul(upstream, v128.load(block.weights + at));
      block.add(this.result, tap, f32x4.mul(f32x4.mul(share, deviation), inverse));
    }
  }
}

/** Fills the state in scratch and runs its kernel over planes [first, last). */
function run<K>(
  x: usize,
  logits: usize,
  cotangent: usize,
  result: usize,
  beta: f32,
  geometry: PoolGeometry,
  scratch: usize,
  first: i32,
  last: i32,
): void {
  const state = changetype<State>(scratch);
  state.x = x;
  state.logits = logits;
  state.cotangent = cotangent;
  state.result = result;
  state.scale = safeScale(geometry.taps);
  state.exponent = scaledExponent(beta * LOG2_E, state.scale);
  for (let plane = first; plane < last; plane++) {
    if (cotangent != 0) clearInputPlane(result, geometry, plane);
    forEachBlock<K>(changetype<K>(scratch), geometry, plane, scratch);
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
  if (isPool2x2(geometry)) softPool2x2(x, y, beta, geometry, firstTask, lastTask);
  else run<SoftPool>(x, 0, 0, y, beta, geometry, scratch, firstTask, lastTask);
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
  if (isPool2x2(geometry)) softPoolGrad2x2(cotangent, x, xGrad, beta, geometry, firstTask, lastTask);
  else run<SoftPoolGrad>(x, 0, cotangent, xGrad, beta, geometry, scratch, firstTask, lastTask);
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
  run<ImportancePool>(x, logits, 0, y, 1, geometry, scratch, firstTask, lastTask);
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
  run<ImportanceUnpool>(0, logits, cotangent, xGrad, 1, geometry, scratch, firstTask, lastTask);
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
  run<ImportanceLogitsGrad>(x, logits, cotangent, logitsGrad, 1, geometry, scratch, firstTask, lastTask);
}
