/**
 * @file SoftPool over 2×2 windows with stride 2: forward and gradient in a single pass each, no scratch. The formulas and
 * their safety are softPool.ts's; here everything stays in registers, four exponentials side by side.
 */
import { clampExponent, exp2Weight } from './exp';
import { evenLanes, interleaveHigh, interleaveLow, oddLanes } from './lanes';
import { coversInput2x2 } from './pool2x2';
import { PoolGeometry } from './poolWindows';
import { madd } from './simd';
import { addDeviation, LN_2, LOG2_E, safeScale, scaledExponent } from './softPoolScale';

/** The largest of four. */
@inline
function mostOf4(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d));
}

@inline
function leastOf4(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d));
}

export function softPool2x2(x: usize, y: usize, beta: f32, g: PoolGeometry, firstTask: i32, lastTask: i32): void {
  const scale = f32x4.splat(safeScale(4));
  const exponent = f32x4.splat(scaledExponent(beta * LOG2_E, safeScale(4)));
  // Below 0 the smallest input has the largest logit.
  const smallest = f32x4.lt(exponent, f32x4.splat(0));
  const halfInverse = f32x4.splat(0.5 / safeScale(4));
  const rowBytes = <usize>g.inputWidth << 2;
  const outputRowBytes = <usize>g.outputWidth << 2;
  const lastBlock = outputRowBytes - 16;
  let output = y + (<usize>(firstTask * g.outputPlane) << 2);
  for (let image = firstTask * g.inputDepth; image < lastTask * g.inputDepth; image++) {
    let input = x + <usize>(image * g.inputHeight) * rowBytes;
    for (let row = 0; row < g.outputHeight; row++) {
      for (let at: usize = 0; ; at = min(at + 16, lastBlock)) {
        const upper = input + (at << 1);
        const lower = upper + rowBytes;
        const a = evenLanes(v128.load(upper), v128.load(upper, 16));
        const b = oddLanes(v128.load(upper), v128.load(upper, 16));
        const c = evenLanes(v128.load(lower), v128.load(lower, 16));
        const d = oddLanes(v128.load(lower), v128.load(lower, 16));
        const origin = v128.bitselect(leastOf4(a, b, c, d), mostOf4(a, b, c, d), smallest);
        const shift = f32x4.neg(f32x4.mul(origin, scale));
        const ha = madd(a, scale, shift);
        const hb = madd(b, scale, shift);
        const hc = madd(c, scale, shift);
        const hd = madd(d, scale, shift);
        const ea = exp2Weight(clampExponent(f32x4.mul(ha, exponent)));
        const eb = exp2Weight(clampExponent(f32x4.mul(hb, exponent)));
        const ec = exp2Weight(clampExponent(f32x4.mul(hc, exponent)));
        const ed = exp2Weight(clampExponent(f32x4.mul(hd, exponent)));
        const sum = f32x4.add(f32x4.add(ea, eb), f32x4.add(ec, ed));
        const total = madd(ed, hd, madd(ec, hc, madd(eb, hb, f32x4.mul(ea, ha))));
        v128.store(output + at, addDeviation(origin, f32x4.div(total, sum), halfInverse));
        if (at == lastBlock) break;
      }
      input += rowBytes << 1;
      output += outputRowBytes;
    }
  }
}

export function softPoolGrad2x2(
  cotangent: usize,
  x: usize,
  xGrad: usize,
  beta: f32,
  g: PoolGeometry,
  firstTask: i32,
  lastTask: i32,
): void {
  const scale = f32x4.splat(safeScale(4));
  const exponent = f32x4.splat(scaledExponent(beta * LOG2_E, safeScale(4)));
  // Below 0 the smallest input has the largest logit.
  const smallest = f32x4.lt(exponent, f32x4.splat(0));
  const rowBytes = <usize>g.inputWidth << 2;
  const outputRowBytes = <usize>g.outputWidth << 2;
  const lastBlock = outputRowBytes - 16;
  const toGrad = xGrad - x;
  const covered = coversInput2x2(g);
  let output = cotangent + (<usize>(firstTask * g.outputPlane) << 2);
  for (let image = firstTask * g.inputDepth; image < lastTask * g.inputDepth; image++) {
    let input = x + <usize>(image * g.inputHeight) * rowBytes;
    if (!covered) memory.fill(input + toGrad, 0, <usize>g.inputHeight * rowBytes);
    for (let row = 0; row < g.outputHeight; row++) {
      for (let at: usize = 0; ; at = min(at + 16, lastBlock)) {
        const upper = input + (at << 1);
        const lower = upper + rowBytes;
        const a = evenLanes(v128.load(upper), v128.load(upper, 16));
        const b = oddLanes(v128.load(upper), v128.load(upper, 16));
        const c = evenLanes(v128.load(lower), v128.load(lower, 16));
        const d = oddLanes(v128.load(lower), v128.load(lower, 16));
        const most = mostOf4(a, b, c, d);
        const least = leastOf4(a, b, c, d);
        const shift = f32x4.neg(f32x4.mul(v128.bitselect(least, most, smallest), scale));
        const va = clampExponent(f32x4.mul(madd(a, scale, shift), exponent));
        const vb = clampExponent(f32x4.mul(madd(b, scale, shift), exponent));
        const vc = clampExponent(f32x4.mul(madd(c, scale, shift), exponent));
        const vd = clampExponent(f32x4.mul(madd(d, scale, shift), exponent));
        const ea = exp2Weight(va);
        const eb = exp2Weight(vb);
        const ec = exp2Weight(vc);
        const ed = exp2Weight(vd);
        const inverse = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.add(ea, eb), f32x4.add(ec, ed)));
        const total = madd(ed, vd, madd(ec, vc, madd(eb, vb, f32x4.mul(ea, va))));
        // 1 + ln 2 (v − v̄) = ln 2 (v + log₂ e − v̄). An infinite input of weight 0 makes y NaN, as 0 · ∞ is; its exponent
        // was clamped, so it has to be asked for.
        const defined = madd(v128.bitselect(most, least, smallest), f32x4.splat(0), f32x4.splat(LOG2_E));
        const offset = f32x4.sub(defined, f32x4.mul(total, inverse));
        const upstream = f32x4.mul(f32x4.mul(v128.load(output + at), f32x4.splat(LN_2)), inverse);
        const ga = f32x4.mul(f32x4.mul(ea, upstream), f32x4.add(va, offset));
        const gb = f32x4.mul(f32x4.mul(eb, upstream), f32x4.add(vb, offset));
        const gc = f32x4.mul(f32x4.mul(ec, upstream), f32x4.add(vc, offset));
        const gd = f32x4.mul(f32x4.mul(ed, upstream), f32x4.add(vd, offset));
        v128.store(upper + toGrad, interleaveLow(ga, gb));
        v128.store(upper + toGrad, interleaveHigh(ga, gb), 16);
        v128.store(lower + toGrad, interleaveLow(gc, gd));
        v128.store(lower + toGrad, interleaveHigh(gc, gd), 16);
        if (at == lastBlock) break;
      }
      input += rowBytes << 1;
      output += outputRowBytes;
    }
  }
}
