/**
 * @file The few statistics that a comparison over seeds needs. docs/study.md tells why these.
 */
import jStat from 'jstat';

/** A mean with the half-width of its 95 % interval; no half-width from a single value. */
export interface Estimate {
  readonly mean: number;
  readonly halfWidth: number | undefined;
  readonly count: number;
}

/** Mean and Student's t interval: mean ± t₀.₉₇₅ s/√n with n − 1 degrees of freedom. */
export function estimate(values: readonly number[]): Estimate {
  const count = values.length;
  const mean = values.reduce((total, value) => total + value, 0) / count;
  if (count < 2) return { mean, halfWidth: undefined, count };
  return { mean, halfWidth: tQuantile(count - 1) * standardError(values, mean), count };
}

/** t₀.₉₇₅: how many standard errors a 95 % interval reaches to each side. */
export function tQuantile(degreesOfFreedom: number): number {
  return jStat.studentt.inv(0.975, degreesOfFreedom);
}

/**
 * Two-sided p-value of a paired t-test: how likely differences with a mean as far from 0 are, if it were 0. `undefined` for fewer
 * than two.
 */
export function pairedP(differences: readonly number[]): number | undefined {
  const count = differences.length;
  if (count < 2) return undefined;
  const mean = differences.reduce((total, value) => total + value, 0) / count;
  const error = standardError(differences, mean);
  if (error === 0) return mean === 0 ? 1 : 0;
  return 2 * (1 - jStat.studentt.cdf(Math.abs(mean / error), count - 1));
}

/**
 * p-values corrected for being several, so that the chance of any false alarm stays below the level: the k-th smallest of m is
 * multiplied by m − k + 1, and none is smaller than one before it (Holm, "A simple sequentially rejective multiple test
 * procedure", 1979).
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const corrected = new Array<number>(values.length).fill(1);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (values[index] ?? 1) * (values.length - rank)));
    corrected[index] = largest;
  });
  return corrected;
}

function standardError(values: readonly number[], mean: number): number {
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/** The middle value; the mean of the middle two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [lower, upper] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return lower === undefined || upper === undefined ? Number.NaN : (lower + upper) / 2;
}
