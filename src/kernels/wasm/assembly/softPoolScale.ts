/**
 * @file How SoftPool keeps clear of overflow: values are scaled by a power of two s, deviations averaged instead of values.
 */
export const LOG2_E: f32 = 1.4426950408889634;
export const LN_2: f32 = 0.6931471805599453;

/** Returns s: a power of two below 1/(2 taps), which is exact to multiply with. */
export function safeScale(taps: i32): f32 {
  return reinterpret<f32>((126 - (32 - clz(taps))) << 23);
}

/** Returns c/s, finite. */
export function scaledExponent(c: f32, scale: f32): f32 {
  return max(-f32.MAX_VALUE, min(f32.MAX_VALUE, c / scale));
}

/** Returns origin + deviation/s, in two halves: the deviation alone may exceed the largest float32. */
@inline
export function addDeviation(origin: v128, deviation: v128, halfInverse: v128): v128 {
  const half = f32x4.mul(deviation, halfInverse);
  return f32x4.add(f32x4.add(origin, half), half);
}
