/**
 * @file The runs that a study is made of.
 */
import type { StudySettings } from './settings.js';

/** A run before it is run. */
export interface RunPlan {
  readonly pool: string;
  readonly seed: number;
}

/** Every run of a study: seed by seed, so that an interrupted one has whole comparisons. */
export function planRuns({ pools, seeds }: Pick<StudySettings, 'pools' | 'seeds'>): RunPlan[] {
  return seeds.flatMap((seed) => pools.map((pool) => ({ pool, seed })));
}
