/**
 * @file The few statistics that a comparison over seeds needs.
 */
import jStat from 'jstat';

/** A mean with the half-width of its 95 % interval; no half-width from a single value. */
export interface Estimate {
  readonly mean: number;
  readonly halfWidth: number | undefined;
  readonly count: number;
}

/** A paired difference: with its interval, and the probability of one as large if there were none. */
export interface Difference extends Estimate {
  readonly p: number | undefined;
}

/** Mean and Student's t interval: mean ± t₀.₉₇₅ s/√n with n − 1 degrees of freedom. */
export function estimate(values: readonly number[]): Estimate {
  const count = values.length;
  const mean = values.reduce((total, value) => total + value, 0) / count;
  if (count < 2) return { mean, halfWidth: undefined, count };
  return { mean, halfWidth: jStat.studentt.inv(0.975, count - 1) * standardError(values, mean), count };
}

/** The mean of a − b over pairs that share a seed, by a paired t-test. Pairs with a missing side don't count. */
export function pairedDifference(
  a: readonly (number | undefined)[],
  b: readonly (number | undefined)[],
): Difference | undefined {
  const differences = a.flatMap((value, i) => {
    const other = b[i];
    return value === undefined || other === undefined ? [] : [value - other];
  });
  if (differences.length === 0) return undefined;
  const result = estimate(differences);
  return { ...result, p: pairedP(differences, result.mean) };
}

/** Two-sided p-value of a mean that would be 0. */
function pairedP(differences: readonly number[], mean: number): number | undefined {
  if (differences.length < 2) return undefined;
  const error = standardError(differences, mean);
  if (error === 0) return mean === 0 ? 1 : 0;
  return 2 * (1 - jStat.studentt.cdf(Math.abs(mean / error), differences.length - 1));
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
