/** @file The one generator that random operations use when they are given none. */
import { Generator, type Seed } from './generator.js';

/** The generator behind `randn`, `uniform`, `dropout` and weight initialisation; seeded with 0 at import. */
export const defaultGenerator = new Generator(0);

/** Restarts the default generator, so that everything random that follows repeats. */
export function manualSeed(seed: Seed): Generator {
  return defaultGenerator.manualSeed(seed);
}
