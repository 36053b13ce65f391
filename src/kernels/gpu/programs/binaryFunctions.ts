/**
 * @file Functions of two numbers; comparisons give 1 or 0. Where NaN must pass, no branch takes it.
 */

export function difference(a: number, b: number): number {
  return a - b;
}

export function ratio(a: number, b: number): number {
  return a / b;
}

/** A GPU's maximum of NaN and a number is the number. */
export function larger(a: number, b: number): number {
  if (a >= b) return a;
  if (b > a) return b;
  return a + b;
}

export function smaller(a: number, b: number): number {
  if (a <= b) return a;
  if (b < a) return b;
  return a + b;
}

export function isEqual(a: number, b: number): number {
  if (a === b) return 1;
  return 0;
}

export function isGreater(a: number, b: number): number {
  if (a > b) return 1;
  return 0;
}

export function isGreaterEqual(a: number, b: number): number {
  if (a >= b) return 1;
  return 0;
}

export function isLess(a: number, b: number): number {
  if (a < b) return 1;
  return 0;
}

export function isLessEqual(a: number, b: number): number {
  if (a <= b) return 1;
  return 0;
}

/** max(a + b, 0). */
export function rectifiedSum(a: number, b: number): number {
  const total = a + b;
  if (total <= 0) return 0;
  return total;
}

/** a where b > 0. */
export function maskedByPositive(a: number, b: number): number {
  if (b > 0) return a;
  return 0;
}

/** a where b > 0, else slope · a. */
export function leakyGradient(a: number, b: number, slope: number): number {
  if (b > 0) return a;
  return slope * a;
}
