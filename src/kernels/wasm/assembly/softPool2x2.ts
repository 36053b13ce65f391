/**
 * @file Soft and importance pooling of 2×2 windows with stride 2: a single pass each, four exponentials side by side, no
 * memory between the loads and the stores. Formulas and overflow: softPool.ts. Cells a b / c d.
 */
import { clampExponent, exp2Weight } from './exp';
import { atLeast, atMost } from './lanes';
import { left, right, storeRow } from './pool2x2';
import { SoftPoolState } from './softPoolState';
import { madd } from './simd';
import { addDeviation, LN_2, LOG2_E } from './softPoolScale';

@inline
function mostOf4(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d));
}

@inline
function leastOf4(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d));
}

@inline
function sumOf4(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
}

/** Returns e^(logit − most). */
@inline
function weight(logit: v128, most: v128): v128 {
  return exp2Weight(clampExponent(f32x4.mul(f32x4.sub(logit, most), f32x4.splat(LOG2_E))));
}

@unmanaged
export class SoftPool2x2 extends SoftPoolState {
  @inline
  block(upper: usize, lower: usize, output: usize): void {
    const a = left(this.x + upper);
    const b = right(this.x + upper);
    const c = left(this.x + lower);
    const d = right(this.x + lower);
    const scale = this.scaleLanes;
    const exponent = this.exponentLanes;
    // Below 0 the smallest input has the largest logit.
    const smallest = f32x4.lt(exponent, f32x4.splat(0));
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
    const total = madd(ed, hd, madd(ec, hc, madd(eb, hb, f32x4.mul(ea, ha))));
    const deviation = f32x4.div(total, sumOf4(ea, eb, ec, ed));
    v128.store(this.result + output, addDeviation(origin, deviation, this.halfInverseLanes));
  }
}

@unmanaged
export class SoftPoolGrad2x2 extends SoftPoolState {
  @inline
  block(upper: usize, lower: usize, output: usize): void {
    // A scale of the exponent's sign makes the largest of a … d the one with the largest logit.
    const exponent = this.exponentLanes;
    const scale = v128.xor(this.scaleLanes, v128.and(exponent, i32x4.splat(0x80000000)));
    const positive = f32x4.abs(exponent);
    const a = f32x4.mul(left(this.x + upper), scale);
    const b = f32x4.mul(right(this.x + upper), scale);
    const c = f32x4.mul(left(this.x + lower), scale);
    const d = f32x4.mul(right(this.x + lower), scale);
    const most = mostOf4(a, b, c, d);
    const va = clampExponent(f32x4.mul(f32x4.sub(a, most), positive));
    const vb = clampExponent(f32x4.mul(f32x4.sub(b, most), positive));
    const vc = clampExponent(f32x4.mul(f32x4.sub(c, most), positive));
    const vd = clampExponent(f32x4.mul(f32x4.sub(d, most), positive));
    const ea = exp2Weight(va);
    const eb = exp2Weight(vb);
    const ec = exp2Weight(vc);
    const ed = exp2Weight(vd);
    const inverse = f32x4.div(f32x4.splat(1), sumOf4(ea, eb, ec, ed));
    const total = madd(ed, vd, madd(ec, vc, madd(eb, vb, f32x4.mul(ea, va))));
    // 1 + ln 2 (v − v̄) = ln 2 (v + log₂ e − v̄). An infinite input of weight 0 makes y NaN, as 0 · ∞ is; its exponent was
    // clamped, so it has to be asked for.
    const defined = madd(leastOf4(a, b, c, d), f32x4.splat(0), f32x4.splat(LOG2_E));
    const offset = f32x4.sub(defined, f32x4.mul(total, inverse));
    const upstream = f32x4.mul(f32x4.mul(v128.load(this.cotangent + output), f32x4.splat(LN_2)), inverse);
    const ga = f32x4.mul(f32x4.mul(ea, upstream), f32x4.add(va, offset));
    const gb = f32x4.mul(f32x4.mul(eb, upstream), f32x4.add(vb, offset));
    storeRow(this.result + upper, ga, gb);
    const gc = f32x4.mul(f32x4.mul(ec, upstream), f32x4.add(vc, offset));
    const gd = f32x4.mul(f32x4.mul(ed, upstream), f32x4.add(vd, offset));
    storeRow(this.result + lower, gc, gd);
  }
}

@unmanaged
export class ImportancePool2x2 extends SoftPoolState {
  @inline
  block(upper: usize, lower: usize, output: usize): void {
    let a = left(this.logits + upper);
    let b = right(this.logits + upper);
    let c = left(this.logits + lower);
    let d = right(this.logits + lower);
    const most = mostOf4(a, b, c, d);
    const ea = weight(a, most);
    const eb = weight(b, most);
    const ec = weight(c, most);
    const ed = weight(d, most);
    a = left(this.x + upper);
    b = right(this.x + upper);
    c = left(this.x + lower);
    d = right(this.x + lower);
    const scale = this.scaleLanes;
    const shift = f32x4.neg(f32x4.mul(a, scale));
    const upperTotal = madd(eb, madd(b, scale, shift), f32x4.mul(ea, madd(a, scale, shift)));
    const total = madd(ed, madd(d, scale, shift), madd(ec, madd(c, scale, shift), upperTotal));
    const deviation = f32x4.div(total, sumOf4(ea, eb, ec, ed));
    const y = addDeviation(a, deviation, this.halfInverseLanes);
    v128.store(this.result + output, atLeast(atMost(y, mostOf4(a, b, c, d)), leastOf4(a, b, c, d)));
  }
}

@unmanaged
export class ImportanceUnpool2x2 extends SoftPoolState {
  @inline
  block(upper: usize, lower: usize, output: usize): void {
    const a = left(this.logits + upper);
    const b = right(this.logits + upper);
    const c = left(this.logits + lower);
    const d = right(this.logits + lower);
    const most = mostOf4(a, b, c, d);
    const ea = weight(a, most);
    const eb = weight(b, most);
    const ec = weight(c, most);
    const ed = weight(d, most);
    const upstream = f32x4.div(v128.load(this.cotangent + output), sumOf4(ea, eb, ec, ed));
    storeRow(this.result + upper, f32x4.mul(ea, upstream), f32x4.mul(eb, upstream));
    storeRow(this.result + lower, f32x4.mul(ec, upstream), f32x4.mul(ed, upstream));
  }
}

@unmanaged
export class ImportanceLogitsGrad2x2 extends SoftPoolState {
  @inline
  block(upper: usize, lower: usize, output: usize): void {
    let a = left(this.logits + upper);
    let b = right(this.logits + upper);
    let c = left(this.logits + lower);
    let d = right(this.logits + lower);
    const most = mostOf4(a, b, c, d);
    const ea = weight(a, most);
    const eb = weight(b, most);
    const ec = weight(c, most);
    const ed = weight(d, most);
    a = left(this.x + upper);
    b = right(this.x + upper);
    c = left(this.x + lower);
    d = right(this.x + lower);
    const scale = this.scaleLanes;
    const shift = f32x4.neg(f32x4.mul(a, scale));
    a = madd(a, scale, shift);
    b = madd(b, scale, shift);
    c = madd(c, scale, shift);
    d = madd(d, scale, shift);
    const sum = sumOf4(ea, eb, ec, ed);
    const mean = f32x4.div(madd(ed, d, madd(ec, c, madd(eb, b, f32x4.mul(ea, a)))), sum);
    const upstream = f32x4.div(v128.load(this.cotangent + output), sum);
    const inverse = this.inverseLanes;
    const ga = f32x4.mul(f32x4.mul(f32x4.mul(upstream, ea), f32x4.sub(a, mean)), inverse);
    const gb = f32x4.mul(f32x4.mul(f32x4.mul(upstream, eb), f32x4.sub(b, mean)), inverse);
    storeRow(this.result + upper, ga, gb);
    const gc = f32x4.mul(f32x4.mul(f32x4.mul(upstream, ec), f32x4.sub(c, mean)), inverse);
    const gd = f32x4.mul(f32x4.mul(f32x4.mul(upstream, ed), f32x4.sub(d, mean)), inverse);
    storeRow(this.result + lower, gc, gd);
  }
}
