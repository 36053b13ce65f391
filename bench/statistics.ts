/**
 * @file Medians and ratios: all that the benchmarks conclude from times.
 *
 * The speed of a machine drifts by half within minutes, so times are compared round by round, never across runs.
 */

/** The middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: no values');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median over the rounds of numerator / denominator, each pair taken in the same round. */
export function medianRatio(numerators: readonly number[], denominators: readonly number[]): number {
  if (numerators.length !== denominators.length) {
    throw new RangeError(`medianRatio: ${numerators.length} rounds against ${denominators.length}`);
  }
  return median(numerators.map((numerator, round) => numerator / denominators[round]!));
}
