/**
 * @file Values at which maxima, kinks and ties are out of a difference quotient's reach.
 */
import { ArgumentError } from '../errors.js';
import type { Generator } from '../tensor/generator.js';

/** An interval that the values lie in. */
export interface ValueRange {
  /** Default −2. */
  readonly low?: number | undefined;
  /** Default 2. */
  readonly high?: number | undefined;
}

/**
 * `count` values in random order, any two of them, and each of them and 0, at least (high − low) / (2 count + 4) apart.
 *
 * @throws ArgumentError if `low` isn't below `high`
 */
export function wellSeparated(count: number, generator: Generator, range: ValueRange = {}): Float64Array {
  const { low = -2, high = 2 } = range;
  if (!(low < high && Number.isFinite(high - low))) {
    throw new ArgumentError(`wellSeparated: low must lie below high, got ${low} and ${high}`);
  }
  // One value per cell of a grid, within the cell's middle half. Two cells more than values: those nearest to 0 stay empty.
  const cell = (high - low) / (count + 2);
  const centres = Array.from({ length: count + 2 }, (_, i) => low + (i + 0.5) * cell)
    .sort((a, b) => Math.abs(b) - Math.abs(a))
    .slice(0, count);
  return Float64Array.from(generator.shuffle(centres), (centre) => centre + (generator.uniform() - 0.5) * 0.5 * cell);
}
