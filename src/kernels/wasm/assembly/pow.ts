/** @file The power function, lane by lane: the standard library's, with JavaScript's special values. */

/** Returns xʸ in every lane, JavaScript's special values included. */
export function powLanes(x: v128, y: v128): v128 {
  return f32x4(
    powScalar(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0)),
    powScalar(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1)),
    powScalar(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2)),
    powScalar(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3)),
  );
}

/** JavaScript's x ** y differs from C's at |x| = 1: an infinite or NaN exponent gives NaN. */
function powScalar(x: f32, y: f32): f32 {
  if (y != y || (abs(x) == 1 && abs(y) == <f32>Infinity)) return NaN;
  return Mathf.pow(x, y);
}
