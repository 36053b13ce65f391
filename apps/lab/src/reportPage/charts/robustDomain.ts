/**
 * @file The part of an axis that is worth its room: one network that learnt nothing doesn't squeeze all others into a line.
 */

/** Beyond so many interquartile ranges a value is far out (Tukey, "Exploratory data analysis", 1977). */
const FENCE = 3;
/** Of the axis, left free on both sides. */
const MARGIN = 0.06;

/**
 * The range of `values` without those that lie far out, a little wider.
 *
 * @param included is in the range whatever lies where
 */
export function robustDomain(values: readonly number[], included: readonly number[] = []): [low: number, high: number] {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = FENCE * (upper - lower);
  const near = sorted.filter((value) => value >= lower - reach && value <= upper + reach);
  const shown = [...near, ...included];
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const margin = MARGIN * (high - low) || 0.05 * (Math.abs(high) || 1);
  return [low - margin, high + margin];
}

function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const [before, after] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return before + (after - before) * (place - Math.floor(place));
}
