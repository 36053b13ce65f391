/**
 * @file A study's comparisons beside what they cost: one row per pooling.
 */
import type { FinishedStudy } from '../study/runStudy.js';
import { median } from '../study/statistics.js';
import type { Comparison } from '../study/study.js';

export interface ComparisonRow extends Comparison {
  readonly parameters: number;
  readonly multiplyAdds: number;
  readonly millisecondsPerStep: number;
  readonly peakTensorBytes: number;
}

/** Rows in the order of the settings; poolings without a finished run are left out. */
export function comparisonRows({ study, timing }: FinishedStudy): ComparisonRow[] {
  return study.comparisons.map((comparison) => {
    const { pool } = comparison;
    const { parameters = 0, multiplyAdds = 0 } = study.runs.find((run) => run.pool === pool) ?? {};
    const epochs = timing.runs.filter((run) => run.pool === pool).flatMap((run) => run.epochs);
    return {
      ...{ ...comparison, parameters, multiplyAdds },
      millisecondsPerStep: median(epochs.map((epoch) => epoch.millisecondsPerStep).filter((ms) => ms > 0)),
      peakTensorBytes: Math.max(0, ...epochs.map((epoch) => epoch.peakTensorBytes)),
    };
  });
}
