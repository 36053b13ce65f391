/**
 * @file Helpers on four float32 lanes, shared by every kernel family.
 *
 * The two compiled variants differ in `madd` alone.
 */

/** Returns a·b + c: one rounding in the `relaxed` variant, two in `simd`. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Returns max(x, 0) in every lane; NaN stays NaN, since `f32x4.max` hands NaN on. */
@inline
export function relu(x: v128): v128 {
  return f32x4.max(x, f32x4.splat(0));
}

/** Transposes a 4×4 block of floats from rows `sourceStride` bytes apart to rows `targetStride` bytes apart. */
@inline
export function transpose4(source: usize, sourceStride: usize, target: usize, targetStride: usize): void {
  const a = v128.load(source);
  const b = v128.load(source + sourceStride);
  const c = v128.load(source + sourceStride * 2);
  const d = v128.load(source + sourceStride * 3);
  storeColumns(a, b, c, d, target, targetStride);
}

/** Stores the columns of the 4×4 block with rows a, b, c, d, `stride` bytes apart. */
@inline
export function storeColumns(a: v128, b: v128, c: v128, d: v128, target: usize, stride: usize): void {
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<i64>(abLow, cdLow, 0, 2));
  v128.store(target + stride, v128.shuffle<i64>(abLow, cdLow, 1, 3));
  v128.store(target + stride * 2, v128.shuffle<i64>(abHigh, cdHigh, 0, 2));
  v128.store(target + stride * 3, v128.shuffle<i64>(abHigh, cdHigh, 1, 3));
}
