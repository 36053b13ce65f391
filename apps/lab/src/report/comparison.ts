/**
 * @file What a study says: one row per pooling, and what can and can't be told apart.
 */

import type { FinishedStudy } from '../study/runStudy.js';
import { type Difference, type Estimate, estimate, median, pairedDifference } from '../study/statistics.js';
import { accuraciesOf } from '../study/study.js';

export interface ComparisonRow {
  readonly pool: string;
  readonly accuracy: Estimate;
  /** Against the baseline over common seeds; absent for the baseline itself. */
  readonly difference: Difference | undefined;
  readonly loss: number;
  readonly parameters: number;
  readonly multiplyAdds: number;
  readonly millisecondsPerStep: number;
  readonly peakTensorBytes: number;
}

/** Rows in the order of the settings; poolings without a finished run are left out. */
export function comparisonRows({ study, timing }: FinishedStudy): ComparisonRow[] {
  const { pools, baseline } = study.settings;
  return pools.flatMap((pool) => {
    const runs = study.runs.filter((run) => run.pool === pool);
    const [first] = runs;
    if (!first) return [];
    const difference =
      pool === baseline ? undefined : pairedDifference(accuraciesOf(study, pool), accuraciesOf(study, baseline));
    const epochs = timing.runs.filter((run) => run.pool === pool).flatMap((run) => run.epochs);
    return [
      {
        pool,
        accuracy: estimate(runs.map((run) => run.test.accuracy)),
        difference,
        loss: estimate(runs.map((run) => run.test.loss)).mean,
        parameters: first.parameters,
        multiplyAdds: first.multiplyAdds,
        millisecondsPerStep: median(epochs.map((epoch) => epoch.millisecondsPerStep).filter((ms) => ms > 0)),
        peakTensorBytes: Math.max(0, ...epochs.map((epoch) => epoch.peakTensorBytes)),
      },
    ];
  });
}

/** The rows' meaning in words. */
export function verdict(rows: readonly ComparisonRow[], baseline: string): string {
  const compared = rows.flatMap(({ pool, difference }) => (difference ? [{ pool, ...difference }] : []));
  if (compared.length === 0) return `There is nothing to compare with ${baseline}.`;
  const judged = compared.filter(({ p }) => p !== undefined);
  if (judged.length === 0) return 'One seed can’t tell a difference from chance; use --seeds 3 or more.';
  const seeds = Math.min(...judged.map(({ count }) => count));
  const [different, same] = [judged.filter(differs), judged.filter((found) => !differs(found))];
  const parts = [
    different.length > 0 &&
      `${names(different)} ${different.length > 1 ? 'differ' : 'differs'} from ${baseline} (p < .05)`,
    same.length > 0 && `${names(same)} can’t be told from ${baseline} with ${seeds} seeds`,
  ];
  return `${parts.filter(Boolean).join('; ')}.`;
}

function differs({ p = 1 }: Difference): boolean {
  return p < 0.05;
}

function names(found: readonly { readonly pool: string }[]): string {
  const list = found.map(({ pool }) => pool);
  return list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
}
