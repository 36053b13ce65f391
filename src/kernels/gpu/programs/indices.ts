/**
 * @file Whole-number division, exact for all that float32 can index.
 */

/** ⌊i / size⌋ for whole numbers 0 ≤ i < 2²⁴. */
export function quotient(i: number, size: number): number {
  let q = Math.floor((i + 0.5) / size);
  const r = i - q * size;
  if (r < 0) q = q - 1;
  if (r >= size) q = q + 1;
  return q;
}

/** i mod size for whole numbers 0 ≤ i < 2²⁴. */
export function remainder(i: number, size: number): number {
  return i - quotient(i, size) * size;
}

/** The quotient of whole numbers, and −1 where there is a remainder or i is negative. */
export function exactQuotient(i: number, size: number): number {
  if (i < 0) return -1;
  const q = quotient(i, size);
  if (q * size < i) return -1;
  return q;
}
