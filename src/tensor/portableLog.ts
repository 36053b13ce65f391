/**
 * @file The natural logarithm from exactly rounded operations only.
 *
 * ECMAScript leaves the last bits of Math.log to the engine, so random normal values built on it would differ between
 * browsers. With x = m·2ᵉ, m in [√½, √2) and t = (m − 1)/(m + 1):
 *
 *   ln x = e·ln 2 + 2(t + t³/3 + t⁵/5 + …),   |t| < 0.172, so twelve terms reach double precision
 */
const bits = new DataView(new ArrayBuffer(8));
const SQRT_HALF = Math.SQRT1_2;
const LN_2 = Math.LN2;
/** 2/(2k + 1), highest power first, for Horner's rule. */
const COEFFICIENTS = Array.from({ length: 12 }, (_, index) => 2 / (23 - 2 * index));

/** ln x for a positive normal double (at least 2⁻¹⁰²²), equal to the bit in every engine; within 4 ulp or 2⁻⁵² of Math.log. */
export function portableLog(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1022;
  bits.setUint32(0, (high & 0xfffff) | (1022 << 20));
  let mantissa = bits.getFloat64(0);
  if (mantissa < SQRT_HALF) {
    mantissa *= 2;
    exponent--;
  }
  const t = (mantissa - 1) / (mantissa + 1);
  const tSquared = t * t;
  let series = 0;
  for (const coefficient of COEFFICIENTS) series = series * tSquared + coefficient;
  return exponent * LN_2 + t * series;
}
