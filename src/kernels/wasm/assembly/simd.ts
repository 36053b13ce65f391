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
