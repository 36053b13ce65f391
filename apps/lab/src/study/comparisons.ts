/**
 * @file What a study's runs say: each pooling, and how it differs from the baseline.
 */
import { bootstrapIntervals, type Interval, type PairedOutcomes } from './bootstrap.js';
import { decodePredictions, type RunResult } from './runResult.js';
import { estimate, holm, pairedP } from './statistics.js';
import type { Comparison, Study } from './study.js';

/** A difference counts where chance alone makes it rarer than this. */
const LEVEL = 0.05;

type Runs = Pick<Study, 'settings' | 'data'> & { readonly runs: readonly RunResult[] };

/** Runs of two poolings with the same seed. */
interface Pair {
  readonly pool: string;
  readonly runs: readonly { readonly own: RunResult; readonly base: RunResult }[];
}

/** One for each pooling that has a finished run, in the order of the settings. */
export function compareRuns({ settings, data, runs }: Runs): Comparison[] {
  const pools = settings.pools.filter((pool) => runs.some((run) => run.pool === pool));
  const pairs = pools.filter((pool) => pool !== settings.baseline).map((pool) => pairOf(pool, settings.baseline, runs));
  const differences = differencesOf(pairs, data);
  return pools.map((pool) => {
    const own = runs.filter((run) => run.pool === pool);
    const { mean, halfWidth } = estimate(own.map((run) => run.test.accuracy));
    return {
      ...{ pool, runs: own.length },
      accuracy: { mean: exact(mean), halfWidth: halfWidth === undefined ? null : exact(halfWidth) },
      loss: exact(estimate(own.map((run) => run.test.loss)).mean),
      difference: differences.get(pool) ?? null,
    };
  });
}

function pairOf(pool: string, baseline: string, runs: readonly RunResult[]): Pair {
  const common = runs.flatMap((own) => {
    const base = runs.find((run) => run.pool === baseline && run.seed === own.seed);
    return own.pool === pool && base ? [{ own, base }] : [];
  });
  return { pool, runs: common };
}

function differencesOf(
  pairs: readonly Pair[],
  { testLabels, testImages }: Study['data'],
): Map<string, NonNullable<Comparison['difference']>> {
  const known = pairs.filter((pair) => pair.runs.length > 0);
  const labels = decodePredictions(testLabels);
  const intervals = bootstrapIntervals(
    known.map((pair) => outcomesOf(pair, labels)),
    testImages,
  );
  const values = known.map(({ runs }) => runs.map(({ own, base }) => own.test.accuracy - base.test.accuracy));
  const raw = values.map(pairedP);
  const judged = raw.filter((p) => p !== undefined);
  const corrected = holm(judged);
  return new Map(
    known.map(({ pool, runs }, i): [string, NonNullable<Comparison['difference']>] => {
      const { mean } = estimate(values[i] ?? []);
      const [p, interval] = [raw[i], intervals[i]];
      if (p === undefined || !interval) return [pool, { seeds: runs.length, mean: exact(mean), test: null }];
      const pHolm = corrected.shift() ?? 1;
      return [pool, { seeds: runs.length, mean: exact(mean), test: testOf(interval, p, pHolm) }];
    }),
  );
}

/** Both must agree: the t-test sees the spread between seeds alone, which can be small by chance; the interval also the images. */
function testOf({ low, high }: Interval, p: number, pHolm: number) {
  const distinguishable = pHolm < LEVEL && (low > 0 || high < 0);
  return { low: exact(low), high: exact(high), p: exact(p), pHolm: exact(pHolm), distinguishable };
}

function outcomesOf({ pool, runs }: Pair, labels: Uint8Array): PairedOutcomes {
  const seeds = runs.map(({ own, base }) => {
    const [first, second] = [decodePredictions(own.test.predictions), decodePredictions(base.test.predictions)];
    return Int8Array.from(labels, (label, i) => Number(first[i] === label) - Number(second[i] === label));
  });
  return { name: pool, seeds };
}

/** Nine digits: fewer than the last bits in which mathematical functions of two engines may differ. */
function exact(value: number): number {
  return Number(value.toPrecision(9));
}

/** What the comparisons mean, in words. */
export function conclusion(comparisons: readonly Comparison[], baseline: string): string {
  const compared = comparisons.flatMap(({ pool, difference }) => (difference ? [{ pool, ...difference }] : []));
  if (compared.length === 0) return `There is nothing to compare with ${baseline}.`;
  const judged = compared.flatMap(({ test, ...rest }) => (test ? [{ ...rest, ...test }] : []));
  if (judged.length === 0) return 'One seed can’t tell a difference from chance; use --seeds 3 or more.';
  const better = judged.filter(({ distinguishable, mean }) => distinguishable && mean > 0);
  const worse = judged.filter(({ distinguishable, mean }) => distinguishable && mean < 0);
  const same = judged.filter(({ distinguishable }) => !distinguishable);
  const untested = comparisons.filter(({ pool, difference }) => pool !== baseline && !difference?.test);
  const seeds = Math.min(...same.map((difference) => difference.seeds));
  const verb = (found: readonly unknown[]): string => (found.length > 1 ? 'are' : 'is');
  const parts = [
    better.length > 0 && `${names(better)} ${verb(better)} better than ${baseline}`,
    worse.length > 0 && `${names(worse)} ${verb(worse)} worse than ${baseline}`,
    same.length > 0 && `${names(same)} can’t be told from ${baseline} with ${seeds} seeds`,
    untested.length > 0 && `${names(untested)} ${verb(untested)} not tested, with too few seeds in common`,
  ];
  return `${parts.filter(Boolean).join('; ')}.`;
}

function names(found: readonly { readonly pool: string }[]): string {
  const list = found.map(({ pool }) => pool);
  return list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
}
