/**
 * @file The error function in double precision.
 *
 *   |x| < 3:  erf x = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1))     (Abramowitz and Stegun 7.1.6)
 *   else:     erfc x = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …))))  (7.1.14)
 */

/** 2/√π ∫₀ˣ e^(−t²) dt, to about 1e-15. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const magnitude = Math.abs(x);
  if (magnitude > 6) return Math.sign(x);
  return magnitude < 3 ? series(x) : Math.sign(x) * (1 - tail(magnitude));
}

/** The normal distribution function, exact in its left tail too, where 1 + erf would cancel. */
export function normalDistribution(x: number): number {
  const scaled = x * Math.SQRT1_2;
  if (scaled < -3) return scaled < -27 ? 0 : tail(-scaled) / 2;
  return 0.5 + erf(scaled) / 2;
}

function series(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** erfc x for x ≥ 3; sixty levels of the continued fraction are more than enough there. */
function tail(x: number): number {
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}
