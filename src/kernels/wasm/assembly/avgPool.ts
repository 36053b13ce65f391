/**
 * @file Average pooling and its adjoint. See poolWindows.ts for `geometry`, tasks (planes) and scratch
 * (`poolScratchBytes(geometry)`).
 *
 *   avgPool(x, y, countIncludePad, geometry, scratch, first, last)
 *   avgUnpool(g, xGrad, countIncludePad, geometry, scratch, first, last)
 *
 * The divisor is the number of a window's cells in the padded input or, without countIncludePad, in the input.
 */
import { clearUncovered2x2, forEach2x2, isPool2x2, left, right, storeRow } from './pool2x2';
import { clearInputPlane, forEachBlock, PoolBlock, PoolGeometry } from './poolWindows';
import { madd } from './simd';
import { safeScale } from './softPoolScale';

@unmanaged
class State {
  x: usize;
  cotangent: usize;
  result: usize;
  countIncludePad: i32;
  /** A power of two that keeps the sum of a window finite. */
  scale: f32;

  @inline
  divisor(block: PoolBlock): f32 {
    return <f32>(this.countIncludePad ? block.paddedCells : block.taps);
  }
}

@unmanaged
class AvgPool extends State {
  block(block: PoolBlock): void {
    const scale = f32x4.splat(this.scale);
    let sum = f32x4.splat(0);
    for (let tap = 0; tap < block.taps; tap++) sum = madd(block.load(this.x, tap), scale, sum);
    block.store(this.result, f32x4.div(sum, f32x4.splat(this.divisor(block) * this.scale)));
  }

  /** A window of padding alone: 0 over its cells, or 0/0. */
  empty(block: PoolBlock): void {
    block.store(this.result, f32x4.splat(0 / this.divisor(block)));
  }
}

@unmanaged
class AvgUnpool extends State {
  block(block: PoolBlock): void {
    const share = f32x4.div(v128.load(this.cotangent + block.output), f32x4.splat(this.divisor(block)));
    for (let tap = 0; tap < block.taps; tap++) v128.store(block.weights + (<usize>tap << 4), share);
    block.scatter(this.result);
  }

  empty(_block: PoolBlock): void {}
}

@unmanaged
class AvgPool2x2 extends State {
  @inline
  block(upper: usize, lower: usize, output: usize): void {
    const scale = f32x4.splat(this.scale);
    const top = f32x4.add(f32x4.mul(left(this.x + upper), scale), f32x4.mul(right(this.x + upper), scale));
    const bottom = f32x4.add(f32x4.mul(left(this.x + lower), scale), f32x4.mul(right(this.x + lower), scale));
    v128.store(this.result + output, f32x4.mul(f32x4.add(top, bottom), f32x4.splat(0.25 / this.scale)));
  }
}

@unmanaged
class AvgUnpool2x2 extends State {
  @inline
  block(upper: usize, lower: usize, output: usize): void {
    const share = f32x4.mul(v128.load(this.cotangent + output), f32x4.splat(0.25));
    storeRow(this.result + upper, share, share);
    storeRow(this.result + lower, share, share);
  }
}

export function avgPool(
  x: usize,
  y: usize,
  countIncludePad: i32,
  geometry: PoolGeometry,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const state = changetype<AvgPool>(scratch);
  state.x = x;
  state.result = y;
  state.countIncludePad = countIncludePad;
  state.scale = safeScale(geometry.taps);
  if (isPool2x2(geometry)) {
    forEach2x2<AvgPool2x2>(changetype<AvgPool2x2>(scratch), geometry, firstTask, lastTask);
    return;
  }
  for (let plane = firstTask; plane < lastTask; plane++) forEachBlock<AvgPool>(state, geometry, plane, scratch);
}

export function avgUnpool(
  cotangent: usize,
  xGrad: usize,
  countIncludePad: i32,
  geometry: PoolGeometry,
  scratch: usize,
  firstTask: i32,
  lastTask: i32,
): void {
  const state = changetype<AvgUnpool>(scratch);
  state.cotangent = cotangent;
  state.result = xGrad;
  state.countIncludePad = countIncludePad;
  if (isPool2x2(geometry)) {
    clearUncovered2x2(xGrad, geometry, firstTask, lastTask);
    forEach2x2<AvgUnpool2x2>(changetype<AvgUnpool2x2>(scratch), geometry, firstTask, lastTask);
    return;
  }
  for (let plane = firstTask; plane < lastTask; plane++) {
    clearInputPlane(xGrad, geometry, plane);
    forEachBlock<AvgUnpool>(state, geometry, plane, scratch);
  }
}
