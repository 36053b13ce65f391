/**
 * @file The exponential and its family on four lanes.
 *
 * | function | greatest error |
 * |---|---|
 * | exp, exp2Weight (its argument taken as exact) | 2 ulp |
 * | log, tanh, sigmoid | 2 ulp |
 * | softplus, erf | 3 ulp |
 * | gelu, silu | 4 ulp, plus 1e-38 where their left tail fades away |
 *
 * All but `exp2Weight` keep NaN and infinities, overflow to infinity and round into the denormals. Polynomials are
 * minimax fits (weighted for relative error). Constants are read from a table rather than written as vector literals: V8
 * rebuilds a literal from integer registers at every use, where a broadcasting load costs nothing beside the arithmetic.
 * Independent calls next to each other overlap in the processor, so hot loops call `exp` for four vectors in a row.
 */
import { atLeast, atMost } from './lanes';
import { madd } from './simd';

/** 1.5 · 2²³: adding it rounds |x| < 2²² to a whole number, which then stands in the low bits. */
const ROUND: f32 = 12582912;

const TABLE = memory.data<f32>([
  -104, // 0: below it exp is 0
  89, // 1: above it exp is infinite
  1.4426950408889634, // 2: log₂ e
  12582912, // 3: ROUND
  -0.693145751953125, // 4: −ln 2, its leading 15 bits, so that n · ln 2 is exact
  -1.428606765330187e-6, // 5: the rest of −ln 2
  0.0013950602151453495, // 6: (eʳ − 1 − r) / r² for |r| ≤ ln(2)/2
  0.008368954062461853, // 7
  0.04166620597243309, // 8
  0.166665181517601, // 9
  0.5, // 10
  1, // 11
  -127, // 12: 2⁻¹²⁷ and below count as 0 in exp2Weight
  12583039, // 13: ROUND + 127, which leaves the biased exponent in the low bits
  0.00015353361959569156, // 14: (2ʳ − 1) / r for |r| ≤ 1/2
  0.0013398875016719103, // 15
  0.00961843691766262, // 16
  0.055503323674201965, // 17
  0.24022647738456726, // 18
  0.6931471824645996, // 19
  -0.07634396106004715, // 20: (log(1 + f) − f + f²/2) / f³ for √½ ≤ 1 + f < √2
  0.12765441834926605, // 21
  -0.13162007927894592, // 22
  0.14201366901397705, // 23
  -0.1662314385175705, // 24
  0.20001235604286194, // 25
  -0.2500082552433014, // 26
  0.3333333134651184, // 27
  0.693145751953125, // 28: ln 2, leading bits
  1.428606765330187e-6, // 29: the rest
  -0.005717040505260229, // 30: (tanh √z / √z − 1) / z for z < 0.625²
  0.020650584250688553, // 31
  -0.05374349653720856, // 32
  0.13331490755081177, // 33
  -0.3333328366279602, // 34
  7.889123662607744e-5, // 35: erf √z / √z for z < 1
  -0.0008020842797122896, // 36
  0.005189535673707724, // 37
  -0.026854444295167923, // 38
  0.11283600330352783, // 39
  -0.3761262595653534, // 40
  1.1283791065216064, // 41
  -0.04281529784202576, // 42: eᶻᶻ erfc(z) / t, t = 1/(1 + z/2), for 0.3 ≤ z < 11
  0.11813652515411377, // 43
  -0.028461162000894547, // 44
  -0.17936213314533234, // 45
  0.09377449005842209, // 46
  0.042349595576524734, // 47
  0.1867595911026001, // 48
  0.24524898827075958, // 49
  0.28222766518592834, // 50
  0.28209006786346436, // 51
]);

@inline
function constant(index: usize): v128 {
  return v128.load32_splat(TABLE + (index << 2));
}


/** eʳ for |r| ≤ ln(2)/2. */
@inline
function expReduced(r: v128): v128 {
  let p = madd(r, constant(6), constant(7));
  p = madd(p, r, constant(8));
  p = madd(p, r, constant(9));
  p = madd(p, r, constant(10));
  p = madd(p, r, constant(11));
  return madd(p, r, constant(11));
}

/** p · 2ⁿ in two steps, so that the result may overflow or be denormal; `shifted` is n + ROUND. */
@inline
function scaleByPowerOfTwo(p: v128, shifted: v128): v128 {
  const n = i32x4.sub(shifted, i32x4.splat(reinterpret<i32>(ROUND)));
  const half = i32x4.shr_s(n, 1);
  const bias = i32x4.splat(127);
  const first = i32x4.shl(i32x4.add(half, bias), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(n, half), bias), 23);
  return f32x4.mul(f32x4.mul(p, first), second);
}

/** Returns eˣ: x = n ln 2 + r. */
@inline
export function exp(x: v128): v128 {
  x = atMost(atLeast(x, constant(0)), constant(1));
  const shifted = madd(x, constant(2), constant(3));
  const n = f32x4.sub(shifted, constant(3));
  const r = madd(n, constant(5), madd(n, constant(4), x));
  return scaleByPowerOfTwo(expReduced(r), shifted);
}

/** Returns e^(x + low), where |low| is far smaller than 1: an argument with more bits than a float32 holds. */
@inline
function expOfSum(x: v128, low: v128): v128 {
  x = atMost(atLeast(x, constant(0)), constant(1));
  const shifted = madd(x, constant(2), constant(3));
  const n = f32x4.sub(shifted, constant(3));
  const r = f32x4.add(madd(n, constant(5), madd(n, constant(4), x)), low);
  return scaleByPowerOfTwo(expReduced(r), shifted);
}

/** Returns x bounded from below as `exp2Weight` needs it; NaN stays. */
@inline
export function clampExponent(x: v128): v128 {
  return atLeast(x, constant(12));
}

/**
 * Returns 2ˣ for −127 ≤ x ≤ 0: the weights of a softmax. Exactly 1 at 0, exactly 0 at −127 (so that whatever it
 * multiplies vanishes), NaN for NaN. No splitting of ln 2 is needed in base 2, which makes it the cheapest exponential.
 */
@inline
export function exp2Weight(x: v128): v128 {
  const shifted = f32x4.add(x, constant(13));
  const r = f32x4.sub(x, f32x4.sub(shifted, constant(13)));
  let p = madd(r, constant(14), constant(15));
  p = madd(p, r, constant(16));
  p = madd(p, r, constant(17));
  p = madd(p, r, constant(18));
  p = madd(p, r, constant(19));
  p = madd(p, r, constant(11));
  return f32x4.mul(p, i32x4.shl(shifted, 23));
}

/** Returns log x: x = 2ⁿ (1 + f) with √½ ≤ 1 + f < √2. */
@inline
export function log(x: v128): v128 {
  const zero = f32x4.splat(0);
  const tiny = f32x4.lt(x, f32x4.splat(1.1754943508222875e-38));
  const normal = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  const sqrtHalf = i32x4.splat(0x3f3504f3);
  const bits = i32x4.sub(normal, sqrtHalf);
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), v128.and(tiny, i32x4.splat(23)));
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x7fffff)), sqrtHalf);
  const n = f32x4.convert_i32x4_s(exponent);
  const f = f32x4.sub(mantissa, f32x4.splat(1));
  const square = f32x4.mul(f, f);
  let p = madd(f, constant(20), constant(21));
  p = madd(p, f, constant(22));
  p = madd(p, f, constant(23));
  p = madd(p, f, constant(24));
  p = madd(p, f, constant(25));
  p = madd(p, f, constant(26));
  p = madd(p, f, constant(27));
  const low = madd(n, constant(29), madd(f32x4.mul(p, f), square, f32x4.mul(square, f32x4.splat(-0.5))));
  const finite = madd(n, constant(28), f32x4.add(f, low));
  // NaN and +∞ are their own logarithm (x + x keeps them), log 0 = −∞, and the logarithm of a negative number is NaN.
  const ordinary = f32x4.lt(x, f32x4.splat(Infinity));
  const nonNegative = v128.bitselect(finite, f32x4.add(x, x), ordinary);
  const result = v128.bitselect(f32x4.splat(-Infinity), nonNegative, f32x4.eq(x, zero));
  return v128.or(result, f32x4.lt(x, zero));
}

/** Returns log(1 + x) for 0 ≤ x ≤ 1; NaN for NaN. What rounding 1 + x loses is added to the first order. */
@inline
export function log1pUnit(x: v128): v128 {
  const one = constant(11);
  const sum = f32x4.add(x, one);
  const lost = f32x4.sub(x, f32x4.sub(sum, one));
  return f32x4.add(log(sum), f32x4.div(lost, sum));
}

/** Returns tanh x: an odd polynomial near 0, 1 − 2/(e²ˣ + 1) elsewhere. */
@inline
export function tanh(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  let p = madd(square, constant(30), constant(31));
  p = madd(p, square, constant(32));
  p = madd(p, square, constant(33));
  p = madd(p, square, constant(34));
  const near = madd(f32x4.mul(p, square), x, x);
  const one = constant(11);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(exp(f32x4.add(magnitude, magnitude)), one)));
  return v128.bitselect(near, copySign(far, x), f32x4.lt(magnitude, f32x4.splat(0.625)));
}

/** Returns 1/(1 + e⁻ˣ), the small values as eˣ/(1 + eˣ), which keeps their digits. */
@inline
export function sigmoid(x: v128): v128 {
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const one = constant(11);
  const numerator = v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, e));
}

/** Returns log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|). */
@inline
export function softplus(x: v128): v128 {
  return f32x4.add(atLeast(x, f32x4.splat(0)), log1pUnit(exp(f32x4.neg(f32x4.abs(x)))));
}

/** Returns e^(z²) erfc z for 0.3 ≤ z < 11 (NaN for NaN): t Q(t) with t = 1/(1 + z/2). */
@inline
function scaledErfc(z: v128): v128 {
  const t = f32x4.div(constant(11), madd(z, constant(10), constant(11)));
  let q = madd(t, constant(42), constant(43));
  q = madd(q, t, constant(44));
  q = madd(q, t, constant(45));
  q = madd(q, t, constant(46));
  q = madd(q, t, constant(47));
  q = madd(q, t, constant(48));
  q = madd(q, t, constant(49));
  q = madd(q, t, constant(50));
  q = madd(q, t, constant(51));
  return f32x4.mul(q, t);
}

/**
 * Returns e^(−factor·x²) for 0 ≤ x < 2¹², the factor 1 or ½. The square needs more bits than a float32 has: x is split
 * into twelve leading bits, whose square is exact, and the rest.
 */
@inline
function gaussian(x: v128, factor: v128): v128 {
  const lead = v128.and(x, i32x4.splat(0xfffff000));
  const rest = f32x4.mul(f32x4.mul(f32x4.sub(lead, x), f32x4.add(lead, x)), factor);
  return expOfSum(f32x4.neg(f32x4.mul(f32x4.mul(lead, lead), factor)), rest);
}

/** Returns erf x for |x| < 1, by an odd polynomial. */
@inline
function erfNear(x: v128): v128 {
  const square = f32x4.mul(x, x);
  let p = madd(square, constant(35), constant(36));
  p = madd(p, square, constant(37));
  p = madd(p, square, constant(38));
  p = madd(p, square, constant(39));
  p = madd(p, square, constant(40));
  p = madd(p, square, constant(41));
  return f32x4.mul(p, x);
}

/** Returns the error function erf x = 2/√π ∫₀ˣ e^(−t²) dt. */
@inline
export function erf(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const z = atMost(magnitude, f32x4.splat(11));
  const far = f32x4.sub(constant(11), f32x4.mul(scaledErfc(z), gaussian(z, constant(11))));
  return v128.bitselect(erfNear(x), copySign(far, x), f32x4.lt(magnitude, f32x4.splat(0.9)));
}

/** Returns x Φ(x), Φ the normal distribution function. Φ(x) = erfc(−x/√2)/2 keeps the digits of the left tail. */
@inline
export function gelu(x: v128): v128 {
  const half = constant(10);
  const sqrtHalf = f32x4.splat(0.7071067811865476);
  const bounded = atMost(f32x4.abs(x), f32x4.splat(15.5));
  const magnitude = f32x4.mul(bounded, sqrtHalf);
  const tail = f32x4.mul(half, f32x4.mul(scaledErfc(magnitude), gaussian(bounded, half)));
  const far = v128.bitselect(tail, f32x4.sub(constant(11), tail), f32x4.lt(x, f32x4.splat(0)));
  const phi = v128.bitselect(madd(half, erfNear(f32x4.mul(x, sqrtHalf)), half), far, f32x4.lt(magnitude, half));
  return f32x4.mul(lowestFinite(x), phi);
}

/** Returns x, but a finite number for −∞: what vanishes there would otherwise give −∞ · 0. */
@inline
function lowestFinite(x: v128): v128 {
  return atLeast(x, f32x4.splat(-3.4028234663852886e38));
}

/** Returns x / (1 + e⁻ˣ). */
@inline
export function silu(x: v128): v128 {
  return f32x4.mul(lowestFinite(x), sigmoid(x));
}

/** Returns |magnitude| with the sign of `sign`. */
@inline
function copySign(magnitude: v128, sign: v128): v128 {
  return v128.bitselect(sign, magnitude, i32x4.splat(0x80000000));
}
