/**
 * @file One colour for each pooling, the same in all charts.
 */

/** So many can be told apart by colour; of more, each has a chart of its own. */
export const MOST_COLOURS = 6;

/** Poolings that people know have colours that don't depend on what else is compared. */
const FIXED: Readonly<Record<string, number>> = { soft: 1, max: 2, avg: 3 };

/** CSS colours by pooling, in the order of the study's settings; one of ink for all where they are too many. */
export function seriesColours(pools: readonly string[]): ReadonlyMap<string, string> {
  if (pools.length > MOST_COLOURS) return new Map(pools.map((pool) => [pool, 'var(--accent)']));
  const taken = new Set(pools.flatMap((pool) => FIXED[pool] ?? []));
  const free = Array.from({ length: MOST_COLOURS }, (_, i) => i + 1).filter((colour) => !taken.has(colour));
  return new Map(pools.map((pool) => [pool, `var(--series-${FIXED[pool] ?? free.shift() ?? 1})`]));
}
