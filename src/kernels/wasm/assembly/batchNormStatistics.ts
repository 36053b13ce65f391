/**
 * @file Mean and biased variance of each channel of x [outer, channels, inner].
 *
 *   batchNormStatistics(x, partials, inner, first, last)                                         a task is a plane
 *   batchNormStatisticsFinish(partials, mean, variance, outer, channels, inner, first, last)     a channel
 *
 * A plane is one [n, c] of `inner` floats; `partials` is f64 [outer · channels, 2]. One pass in memory order; large means
 * cost no digits.
 */
import { firstLanes, sumLanes } from './lanes';
import { madd } from './simd';

/** Floats that are added up in float32 lanes before float64 takes over. */
const BLOCK: i32 = 1024;

/** Floats whose mean the deviations of a block are measured from. */
const SAMPLE: i32 = 64;

/** Bytes of what a plane leaves for the second phase: its mean and its sum of squares, in float64. */
const PARTIAL_BYTES: usize = 16;

export function batchNormStatistics(x: usize, partials: usize, inner: i32, firstTask: i32, lastTask: i32): void {
  const bytes = <usize>inner << 2;
  for (let plane = firstTask; plane < lastTask; plane++) {
    v128.store(partials + <usize>plane * PARTIAL_BYTES, planeMoments(x + <usize>plane * bytes, inner));
  }
}

/**
 * Returns the mean of a plane and its Σ (x − mean)², as two float64 lanes. Deviations are measured from the mean of the
 * block's first numbers. Where that is far off the block's own mean, the difference is itself part of the sum of squares, so
 * one pass costs no digits. Blocks are merged by Chan, Golub and LeVeque's update.
 */
function planeMoments(x: usize, inner: i32): v128 {
  let count: f64 = 0;
  let mean: f64 = 0;
  let square: f64 = 0;
  for (let start = 0; start < inner; start += BLOCK) {
    const block = min(BLOCK, inner - start);
    const sample = min(SAMPLE, block);
    const origin = <f32>(f64x2.extract_lane(deviations(x, sample, 0), 0) / <f64>sample);
    const sums = deviations(x, block, origin);
    const size = <f64>block;
    const offset = f64x2.extract_lane(sums, 0) / size;
    const distance = <f64>origin + offset - mean;
    const total = count + size;
    square += f64x2.extract_lane(sums, 1) - offset * offset * size + (distance * distance * count * size) / total;
    mean += (distance * size) / total;
    count = total;
    x += <usize>block << 2;
  }
  return f64x2(mean, square);
}

/** Merges the planes of each channel: all are of one size, so means of means will do. */
export function batchNormStatisticsFinish(
  partials: usize,
  mean: usize,
  variance: usize,
  outer: i32,
  channels: i32,
  inner: i32,
  firstTask: i32,
  lastTask: i32,
): void {
  const step = <usize>channels * PARTIAL_BYTES;
  for (let channel = firstTask; channel < lastTask; channel++) {
    const first = partials + <usize>channel * PARTIAL_BYTES;
    let totals = f64x2.splat(0);
    for (let n = 0; n < outer; n++) totals = f64x2.add(totals, v128.load(first + <usize>n * step));
    const center = f64x2.extract_lane(totals, 0) / <f64>outer;
    let between: f64 = 0;
    for (let n = 0; n < outer; n++) {
      const distance = f64.load(first + <usize>n * step) - center;
      between += distance * distance;
    }
    const square = f64x2.extract_lane(totals, 1) + between * <f64>inner;
    f32.store(mean + (<usize>channel << 2), <f32>center);
    f32.store(variance + (<usize>channel << 2), <f32>(square / (<f64>outer * <f64>inner)));
  }
}

/** Returns (Σ (x − origin), Σ (x − origin)²) over `count` ≤ BLOCK floats, as two float64 lanes. */
function deviations(x: usize, count: i32, origin: f32): v128 {
  const from = f32x4.splat(origin);
  let a = f32x4.splat(0);
  let b = a;
  let squareA = a;
  let squareB = a;
  for (; count >= 8; count -= 8) {
    const da = f32x4.sub(v128.load(x), from);
    const db = f32x4.sub(v128.load(x, 16), from);
    a = f32x4.add(a, da);
    b = f32x4.add(b, db);
    squareA = madd(da, da, squareA);
    squareB = madd(db, db, squareB);
    x += 32;
  }
  for (; count > 0; count -= 4) {
    const deviation = v128.and(f32x4.sub(v128.load(x), from), firstLanes(count));
    a = f32x4.add(a, deviation);
    squareA = madd(deviation, deviation, squareA);
    x += 16;
  }
  return f64x2(sumLanes(f32x4.add(a, b)), sumLanes(f32x4.add(squareA, squareB)));
}
