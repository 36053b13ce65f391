/**
 * @file What is taken for what, over all seeds of a pooling.
 */
import type { StudyRun } from '../study/study.js';

/** `[label][prediction]`: test samples, summed over runs. */
export function summedConfusion(runs: readonly StudyRun[], classes: number): number[][] {
  return Array.from({ length: classes }, (_, label) =>
    Array.from({ length: classes }, (__, predicted) =>
      runs.reduce((total, { test }) => total + (test.confusion[label]?.[predicted] ?? 0), 0),
    ),
  );
}

export interface Confusion {
  readonly label: number;
  readonly predicted: number;
  /** Of the samples of the true class. */
  readonly share: number;
}

/** The mistakes that are made with the largest shares of a class, the most frequent first. */
export function frequentMistakes(counts: readonly (readonly number[])[], most: number): Confusion[] {
  return counts
    .flatMap((row, label) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      return row.flatMap((count, predicted) =>
        count > 0 && predicted !== label ? [{ label, predicted, share: count / total }] : [],
      );
    })
    .toSorted((a, b) => b.share - a.share)
    .slice(0, most);
}
