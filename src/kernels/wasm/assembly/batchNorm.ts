/**
 * @file Batch normalisation of x [outer, channels, inner] by the statistics of each channel: forward and gradients.
 *
 *   batchNormCoefficients(mean, variance, weight, bias, eps, coefficients, channels)             no tasks
 *   batchNorm(x, y, coefficients, outer, channels, inner, relu, first, last)                     a task is a plane
 *   batchNormSums(g, x, coefficients, partials, channels, inner, relu, first, last)              a plane
 *   batchNormSumsFinish(partials, sums, outer, channels, first, last)                            a channel
 *   batchNormGrad(g, x, y, coefficients, sums, outer, channels, inner, relu, first, last)        a plane
 *   batchNormParameterGrads(coefficients, sums, weightGrad, biasGrad, channels)                  no tasks
 *
 * A plane is one [n, c] of `inner` floats; there are outer · channels. Going through them in memory order, and adding up by
 * channel afterwards, is twice as fast as going channel by channel. `partials` is f64 [outer · channels, 2], `sums` f64
 * [channels, 2], `coefficients` f32 [channels, 4]: scale = weight/√(variance + eps), mean, bias, 1/√(variance + eps); weight
 * or bias may be 0 (absent).
 *
 *   y = act((x − mean) · scale + bias)
 *   g̃ = g where y > 0, else 0 (with relu; else g)      sums: Σ g̃, Σ g̃ (x − mean)
 *   ∂x = scale · (g̃ − Σ g̃/M − (x − mean)/(variance + eps) · Σ g̃ (x − mean)/M)      M = outer · inner
 *
 * batchNormGrad takes `sums` = 0 for fixed statistics: ∂x = scale · g̃.
 */
import { atLeast, firstLanes, storeLanes, sumLanes } from './lanes';
import { madd } from './simd';

/** Floats that are added up in float32 lanes before float64 takes over. */
const BLOCK: i32 = 1024;

/** Bytes of what a plane leaves for the second phase: two float64. */
const PARTIAL_BYTES: usize = 16;

export function batchNormCoefficients(
  mean: usize,
  variance: usize,
  weight: usize,
  bias: usize,
  eps: f32,
  coefficients: usize,
  channels: i32,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const at = <usize>channel << 2;
    const inverse = 1 / Math.sqrt(<f64>f32.load(variance + at) + <f64>eps);
    const to = coefficients + (at << 2);
    f32.store(to, <f32>(weight == 0 ? inverse : inverse * <f64>f32.load(weight + at)));
    f32.store(to, f32.load(mean + at), 4);
    f32.store(to, bias == 0 ? 0 : f32.load(bias + at), 8);
    f32.store(to, <f32>inverse, 12);
  }
}

/** y = (x − mean) · scale + bias: the very rounding that the gradient's mask repeats. */
@inline
function normalize(x: v128, mean: v128, scale: v128, bias: v128): v128 {
  return madd(f32x4.sub(x, mean), scale, bias);
}

export function batchNorm(
  x: usize,
  y: usize,
  coefficients: usize,
  outer: i32,
  channels: i32,
  inner: i32,
  relu: i32,
  firstTask: i32,
  lastTask: i32,
): void {
  const bound = f32x4.splat(relu ? 0 : -Infinity);
  const bytes = <usize>inner << 2;
  for (let plane = firstTask; plane < lastTask; plane++) {
    const c = coefficients + (<usize>(plane % channels) << 4);
    const scale = v128.load32_splat(c);
    const mean = v128.load32_splat(c, 4);
    const bias = v128.load32_splat(c, 8);
    let from = x + <usize>plane * bytes;
    let to = y + <usize>plane * bytes;
    let left = inner;
    for (; left >= 8; left -= 8) {
      v128.store(to, atLeast(normalize(v128.load(from), mean, scale, bias), bound));
      v128.store(to, atLeast(normalize(v128.load(from, 16), mean, scale, bias), bound), 16);
      from += 32;
      to += 32;
    }
    for (; left > 0; left -= 4) {
      storeLanes(to, atLeast(normalize(v128.load(from), mean, scale, bias), bound), left);
      from += 16;
      to += 16;
    }
  }
}

/** Returns (Σ g̃, Σ g̃ (x − mean)) over `count` ≤ BLOCK floats, as two float64 lanes. */
function maskedSums(g: usize, x: usize, coefficients: usize, count: i32, relu: i32): v128 {
  const scale = v128.load32_splat(coefficients);
  const mean = v128.load32_splat(coefficients, 4);
  // act(v) > 0 is v > 0 is (x − mean) · scale + bias > 0; without activation everything passes, NaN included.
  const bias = v128.load32_splat(coefficients, 8);
  const always = i32x4.splat(relu ? 0 : -1);
  let a = f32x4.splat(0);
  let b = a;
  let productA = a;
  let productB = a;
  for (; count >= 8; count -= 8) {
    const xa = f32x4.sub(v128.load(x), mean);
    const xb = f32x4.sub(v128.load(x, 16), mean);
    const ga = v128.and(v128.load(g), passes(xa, scale, bias, always));
    const gb = v128.and(v128.load(g, 16), passes(xb, scale, bias, always));
    a = f32x4.add(a, ga);
    b = f32x4.add(b, gb);
    productA = madd(ga, xa, productA);
    productB = madd(gb, xb, productB);
    x += 32;
    g += 32;
  }
  for (; count > 0; count -= 4) {
    const lanes = firstLanes(count);
    const xa = v128.and(f32x4.sub(v128.load(x), mean), lanes);
    const ga = v128.and(v128.and(v128.load(g), lanes), passes(xa, scale, bias, always));
    a = f32x4.add(a, ga);
    productA = madd(ga, xa, productA);
    x += 16;
    g += 16;
  }
  return f64x2(sumLanes(f32x4.add(a, b)), sumLanes(f32x4.add(productA, productB)));
}

/** A mask of the lanes that the activation lets pass, from x − mean: the rounding of `batchNorm` itself. */
@inline
function passes(deviation: v128, scale: v128, bias: v128, always: v128): v128 {
  return v128.or(f32x4.gt(madd(deviation, scale, bias), f32x4.splat(0)), always);
}

export function batchNormSums(
  g: usize,
  x: usize,
  coefficients: usize,
  partials: usize,
  channels: i32,
  inner: i32,
  relu: i32,
  firstTask: i32,
  lastTask: i32,
): void {
  const bytes = <usize>inner << 2;
  for (let plane = firstTask; plane < lastTask; plane++) {
    const at = <usize>plane * bytes;
    const c = coefficients + (<usize>(plane % channels) << 4);
    let total = f64x2.splat(0);
    for (let start = 0; start < inner; start += BLOCK) {
      const offset = at + (<usize>start << 2);
      total = f64x2.add(total, maskedSums(g + offset, x + offset, c, min(BLOCK, inner - start), relu));
    }
    v128.store(partials + <usize>plane * PARTIAL_BYTES, total);
  }
}

/** Adds up the planes of each channel. */
export function batchNormSumsFinish(
  partials: usize,
  sums: usize,
  outer: i32,
  channels: i32,
  firstTask: i32,
  lastTask: i32,
): void {
  for (let channel = firstTask; channel < lastTask; channel++) {
    let total = f64x2.splat(0);
    for (let n = 0; n < outer; n++) {
      total = f64x2.add(total, v128.load(partials + <usize>(n * channels + channel) * PARTIAL_BYTES));
    }
    v128.store(sums + <usize>channel * PARTIAL_BYTES, total);
  }
}

export function batchNormGrad(
  g: usize,
  x: usize,
  y: usize,
  coefficients: usize,
  sums: usize,
  outer: i32,
  channels: i32,
  inner: i32,
  relu: i32,
  firstTask: i32,
  lastTask: i32,
): void {
  const always = i32x4.splat(relu ? 0 : -1);
  for (let plane = firstTask; plane < lastTask; plane++) {
    const channel = <usize>(plane % channels);
    const c = coefficients + (channel << 4);
    const scale = v128.load32_splat(c);
    const mean = v128.load32_splat(c, 4);
    const bias = v128.load32_splat(c, 8);
    let slope = f32x4.splat(0);
    let shift = slope;
    if (sums != 0) {
      const share = -<f64>f32.load(c) / (<f64>outer * <f64>inner);
      const inverse = <f64>f32.load(c, 12);
      shift = f32x4.splat(<f32>(share * f64.load(sums + (channel << 4))));
      slope = f32x4.splat(<f32>(share * inverse * inverse * f64.load(sums + (channel << 4), 8)));
    }
    let at = <usize>(plane * inner) << 2;
    let left = inner;
    for (; left >= 4; left -= 4) {
      v128.store(y + at, gradient(v128.load(g + at), v128.load(x + at), scale, mean, bias, slope, shift, always));
      at += 16;
    }
    if (left > 0) {
      const last = gradient(v128.load(g + at), v128.load(x + at), scale, mean, bias, slope, shift, always);
      storeLanes(y + at, last, left);
    }
  }
}

/** scale · g̃ + slope · (x − mean) + shift */
@inline
function gradient(
  g: v128,
  x: v128,
  scale: v128,
  mean: v128,
  bias: v128,
  slope: v128,
  shift: v128,
  always: v128,
): v128 {
  const deviation = f32x4.sub(x, mean);
  const passed = v128.and(g, passes(deviation, scale, bias, always));
  return madd(passed, scale, madd(deviation, slope, shift));
}

export function batchNormParameterGrads(
  coefficients: usize,
  sums: usize,
  weightGrad: usize,
  biasGrad: usize,
  channels: i32,
): void {
  for (let channel: usize = 0; channel < <usize>channels; channel++) {
    const inverse = <f64>f32.load(coefficients + (channel << 4), 12);
    f32.store(biasGrad + (channel << 2), <f32>f64.load(sums + (channel << 4)));
    f32.store(weightGrad + (channel << 2), <f32>(inverse * f64.load(sums + (channel << 4), 8)));
  }
}
