/**
 * @file Test samples worth a look: those that most networks get wrong, and those over which poolings are divided.
 */
import { decodePredictions } from '../../study/runResult.js';
import type { Study } from '../../study/study.js';

/** What the runs of one pooling made of a sample. */
export interface Outcome {
  readonly pool: string;
  readonly runs: number;
  readonly right: number;
  /** The class that it was most often taken for by mistake. */
  readonly taken: number | undefined;
}

export interface Example {
  /** Its place among the test samples. */
  readonly index: number;
  readonly label: number;
  readonly outcomes: readonly Outcome[];
}

export interface Examples {
  /** Wrong in most runs; the first ones in the order of the test set. */
  readonly hardest: readonly Example[];
  /** Right in all runs of some pooling and in none of another, or as near to that as there is. */
  readonly divided: readonly Example[];
  /** Test samples that every run got wrong, in all. */
  readonly alwaysWrong: number;
}

/** @param count how many of each kind */
export function chooseExamples(study: Pick<Study, 'runs' | 'settings' | 'data'>, count: number): Examples {
  const labels = decodePredictions(study.data.testLabels);
  const all = outcomesOf(study, labels);
  const wrong = ({ outcomes }: Example): number => sum(outcomes.map(({ runs, right }) => runs - right));
  const runs = study.runs.length;
  const mistaken = all.filter((example) => wrong(example) > 0);
  const divided = all.filter((example) => division(example) > 0.5);
  return {
    hardest: mistaken.toSorted((a, b) => wrong(b) - wrong(a) || a.index - b.index).slice(0, count),
    divided: divided.toSorted((a, b) => division(b) - division(a) || a.index - b.index).slice(0, count),
    alwaysWrong: all.filter((example) => wrong(example) === runs).length,
  };
}

/** The first sample that most runs get right: what networks make of it can be told from nothing going wrong. */
export function typicalSample(study: Pick<Study, 'runs' | 'settings' | 'data'>): number {
  const labels = decodePredictions(study.data.testLabels);
  const rights = outcomesOf(study, labels).map(({ outcomes }) => sum(outcomes.map(({ right }) => right)));
  return rights.reduce((best, right, index) => (right > (rights[best] ?? 0) ? index : best), 0);
}

function outcomesOf({ runs, settings }: Pick<Study, 'runs' | 'settings'>, labels: Uint8Array): Example[] {
  const byPool = settings.pools.map((pool) => ({
    pool,
    predictions: runs.filter((run) => run.pool === pool).map(({ test }) => decodePredictions(test.predictions)),
  }));
  const known = byPool.filter(({ predictions }) => predictions.length > 0);
  return Array.from(labels, (label, index) => ({
    ...{ index, label },
    outcomes: known.map(({ pool, predictions }) => {
      const wrong = predictions.flatMap((classes) => (classes[index] === label ? [] : [classes[index] ?? 0]));
      const runsOfPool = predictions.length;
      return { pool, runs: runsOfPool, right: runsOfPool - wrong.length, taken: mostFrequent(wrong) };
    }),
  }));
}

/** How far apart the shares of right runs of the best and the worst pooling are. */
function division({ outcomes }: Example): number {
  const shares = outcomes.map(({ runs, right }) => right / runs);
  return Math.max(...shares) - Math.min(...shares);
}

/** The lowest of those that are equally frequent. */
export function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first] = [...counts].toSorted(([a, many], [b, more]) => more - many || a - b);
  return first?.[0];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
