/**
 * @file What a study says about each pooling.
 */
import type { Comparison } from '../../study/study.js';

/** `same`: can't be told from the baseline. `untested`: one seed, or none in common with the baseline. */
export type Verdict = 'baseline' | 'better' | 'worse' | 'same' | 'untested';

export function verdictOf({ pool, difference }: Comparison, baseline: string): Verdict {
  if (pool === baseline) return 'baseline';
  const test = difference?.test;
  if (!difference || !test) return 'untested';
  if (!test.distinguishable) return 'same';
  return difference.mean > 0 ? 'better' : 'worse';
}

/** In a cell of a table: what the two conditions together say. */
export function verdictText(verdict: Verdict): string {
  const texts = {
    baseline: 'baseline',
    better: 'better',
    worse: 'worse',
    same: 'can’t be told',
    untested: 'not tested',
  };
  return texts[verdict];
}
