/**
 * @file Small moves on four lanes: partial stores, strided loads, horizontal sums, NaN-keeping comparisons.
 */

/** Elementwise kernels cut flat storages into tasks of this many elements (64 KB): a whole number of vectors. */
export const ELEMENTS_PER_TASK: i32 = 16384;

/** Returns the number of tasks of an elementwise kernel over `length` elements. */
export function elementTasks(length: i32): i32 {
  return (length + ELEMENTS_PER_TASK - 1) / ELEMENTS_PER_TASK;
}

/** Stores the first `count` lanes, 1 to 4. */
@inline
export function storeLanes(address: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, value);
    return;
  }
  v128.store32_lane(address, value, 0);
  if (count > 1) v128.store32_lane(address, value, 1, 4);
  if (count > 2) v128.store32_lane(address, value, 2, 8);
}

/** Returns a mask of the first `count` lanes. */
@inline
export function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** Returns the even-numbered floats of eight. */
@inline
export function evenLanes(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(low, high, 0, 2, 4, 6);
}

/** Returns the odd-numbered floats of eight. */
@inline
export function oddLanes(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(low, high, 1, 3, 5, 7);
}

/** Returns the first four of the eight floats that `evenLanes` and `oddLanes` take apart. */
@inline
export function interleaveLow(even: v128, odd: v128): v128 {
  return v128.shuffle<f32>(even, odd, 0, 4, 1, 5);
}

/** Returns the last four. */
@inline
export function interleaveHigh(even: v128, odd: v128): v128 {
  return v128.shuffle<f32>(even, odd, 2, 6, 3, 7);
}

/** Loads four floats `stride` floats apart; stride 0 repeats one. */
@inline
export function loadStrided(address: usize, stride: i32): v128 {
  if (stride == 1) return v128.load(address);
  if (stride == 0) return v128.load32_splat(address);
  return loadFarApart(address, stride);
}

/** Kept out of line: the binary holds it once. */
function loadFarApart(address: usize, stride: i32): v128 {
  const step = <usize>(stride << 2);
  let value = v128.load32_zero(address);
  value = v128.load32_lane(address + step, value, 1);
  value = v128.load32_lane(address + step * 2, value, 2);
  return v128.load32_lane(address + step * 3, value, 3);
}

/** Returns the sum of four lanes in float64. */
@inline
export function sumLanes(value: v128): f64 {
  return (
    (<f64>f32x4.extract_lane(value, 0) + <f64>f32x4.extract_lane(value, 1)) +
    (<f64>f32x4.extract_lane(value, 2) + <f64>f32x4.extract_lane(value, 3))
  );
}

/** Returns lanes 0 and 1 as float64. */
@inline
export function lowAsDouble(value: v128): v128 {
  return f64x2.promote_low_f32x4(value);
}

/** Returns lanes 2 and 3 as float64. */
@inline
export function highAsDouble(value: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(value, value, 1, 1));
}

/** Returns max(x, bound) where x may be NaN, which stays; the bound is a number. One instruction, unlike `f32x4.max`. */
@inline
export function atLeast(x: v128, bound: v128): v128 {
  return f32x4.pmax(x, bound);
}

/** Returns min(x, bound) where x may be NaN, which stays; the bound is a number. */
@inline
export function atMost(x: v128, bound: v128): v128 {
  return f32x4.pmin(x, bound);
}

/** Stores `value` into `count` floats. */
export function fillRun(y: usize, value: f32, count: i32): void {
  const lanes = f32x4.splat(value);
  for (; count > 0; count -= 4) {
    storeLanes(y, lanes, count);
    y += 16;
  }
}
