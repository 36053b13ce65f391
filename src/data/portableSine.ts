/**
 * @file sin 2πx from + − × and ⌊⌋ alone, so that data made with it are equal to the bit in every engine.
 */

/** The Taylor series of sin 2πx: (−1)ᵏ (2π)²ᵏ⁺¹/(2k + 1)!. On a quarter turn the next term is below 6e-8. */
const COEFFICIENTS = [
  6.283185307179586, -41.34170224039975, 81.60524927607504, -76.70585975306136, 42.05869394489765, -15.09464257682298,
] as const;

/** sin 2πx for x in turns, within 6e-8. */
export function portableSine(turns: number): number {
  const phase = turns - Math.floor(turns + 0.5);
  // The half turns beyond a quarter are mirrored, where the series converges fast.
  const x = phase > 0.25 ? 0.5 - phase : phase < -0.25 ? -0.5 - phase : phase;
  const squared = x * x;
  let sum = 0;
  for (let k = COEFFICIENTS.length - 1; k >= 0; k--) sum = sum * squared + COEFFICIENTS[k]!;
  return sum * x;
}

/** cos 2πx for x in turns. */
export function portableCosine(turns: number): number {
  return portableSine(turns + 0.25);
}
