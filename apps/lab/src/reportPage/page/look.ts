/**
 * @file How poolings look throughout the page.
 */
import { MOST_COLOURS, seriesColours } from '../charts/seriesColour.js';

export interface Look {
  /** A CSS colour for each pooling. */
  readonly colours: ReadonlyMap<string, string>;
  /** Whether colours tell poolings apart; of many, each has a chart of its own instead. */
  readonly coloured: boolean;
}

/** @param pools in the order of the settings */
export function lookOf(pools: readonly string[]): Look {
  return { colours: seriesColours(pools), coloured: pools.length <= MOST_COLOURS };
}
