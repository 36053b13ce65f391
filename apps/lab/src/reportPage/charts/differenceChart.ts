/**
 * @file The paired-difference plot: how far each pooling is from the baseline, seed by seed, with intervals.
 */
import { axisX, axisY, dot, gridX, link, type Markish, ruleX, text, tickX } from '@observablehq/plot';
import { signedPoints } from '../../report/format.js';
import type { StudyRun } from '../../study/study.js';
import type { ReportContent } from '../reportContent.js';
import { type Verdict, verdictText } from '../words/verdict.js';
import { boldWidth, drawChart } from './drawChart.js';
import { robustDomain } from './robustDomain.js';

const ROW_HEIGHT = 30;

/** All in percentage points. */
export interface DifferenceRow {
  readonly pool: string;
  readonly verdict: Verdict;
  readonly mean: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Of each seed that both have. */
  readonly seeds: readonly number[];
}

/** One row for each pooling that has something in common with the baseline, as the table orders them. */
export function differenceRows({ rows, study: { runs, settings } }: ReportContent): DifferenceRow[] {
  return rows.flatMap(({ pool, verdict, difference }) => {
    if (!difference) return [];
    const { mean, test } = difference;
    const points = (share: number | undefined): number | undefined => (share === undefined ? undefined : 100 * share);
    return {
      ...{ pool, verdict, mean: 100 * mean, low: points(test?.low), high: points(test?.high) },
      seeds: pairedDifferences(runs, pool, settings.baseline).map((share) => 100 * share),
    };
  });
}

function pairedDifferences(runs: readonly StudyRun[], pool: string, baseline: string): number[] {
  return runs.flatMap((run) => {
    const base = runs.find((other) => other.pool === baseline && other.seed === run.seed);
    return run.pool === pool && base ? [run.test.accuracy - base.test.accuracy] : [];
  });
}

export interface DifferenceChartOptions {
  readonly baseline: string;
  readonly colours: ReadonlyMap<string, string>;
  /** In CSS pixels. */
  readonly width: number;
}

/** A row per pooling. What is distinguishable from the baseline has a filled triangle that points to its side. */
export function differenceChart(rows: readonly DifferenceRow[], options: DifferenceChartOptions): string {
  const { baseline, colours, width } = options;
  const edges = rows.flatMap(({ mean, low = mean, high = mean, seeds }) => [low, high, ...seeds]);
  const domain = robustDomain(edges, [0]);
  const pools = rows.map(({ pool }) => pool);
  const marginLeft = 14 + Math.max(...pools.map(boldWidth));
  const ticks = Math.max(3, Math.floor((width - marginLeft) / 70));
  return drawChart(description(rows, baseline), {
    ...{ width, height: rows.length * ROW_HEIGHT + 52, marginLeft, marginRight: 14, marginTop: 6, marginBottom: 44 },
    x: { domain, label: null },
    y: { domain: pools, label: null, padding: 0 },
    marks: [
      gridX({ ticks, stroke: 'var(--line)', strokeOpacity: 1 }),
      axisX({ ticks, tickSize: 0, tickPadding: 8, tickFormat: signedTick }),
      axisY({ tickSize: 0, tickPadding: 10, fontWeight: 600 }),
      ruleX([0], { stroke: 'var(--ink)', strokeWidth: 1.5 }),
      text(['← worse'], { ...axisLabel, frameAnchor: 'bottom-left', dy: 38 }),
      text(['better →'], { ...axisLabel, frameAnchor: 'bottom-right', dy: 38 }),
      ...rowMarks(rows, domain, colours),
    ],
  });
}

const axisLabel = { fill: 'var(--ink-soft)' } as const;

function rowMarks(
  rows: readonly DifferenceRow[],
  [low, high]: readonly [number, number],
  colours: ReadonlyMap<string, string>,
): Markish[] {
  const inside = rows.filter(({ mean }) => mean >= low && mean <= high);
  const y = 'pool';
  const stroke = ({ pool }: DifferenceRow): string => colours.get(pool) ?? 'var(--accent)';
  const fill = (row: DifferenceRow): string => (isDistinguishable(row) ? stroke(row) : 'var(--surface)');
  const seeds = rows.flatMap(({ pool, seeds: values }) => values.map((value) => ({ pool, value })));
  const intervals = inside.filter((row) => row.low !== undefined);
  return [
    tickX(seeds, { x: 'value', y, stroke: 'var(--ink-soft)', strokeOpacity: 0.7, inset: 9, clip: true }),
    link(intervals, { x1: 'low', x2: 'high', y, stroke, strokeWidth: 3.5, strokeLinecap: 'round', clip: true }),
    ...MARKS.map(({ verdicts, symbol, rotate }) => {
      const own = inside.filter(({ verdict }) => verdicts.includes(verdict));
      return dot(own, { x: 'mean', y, r: 5.5, symbol, rotate, fill, stroke, strokeWidth: 2, title: spoken });
    }),
    ...edgeMarks(rows, low, high, stroke),
  ];
}

/** Poolings so far out that a number at the edge has to do. */
function edgeMarks(
  rows: readonly DifferenceRow[],
  low: number,
  high: number,
  fill: (row: DifferenceRow) => string,
): Markish[] {
  const points = ({ mean }: DifferenceRow): string => signedPoints(mean / 100);
  const below = rows.filter(({ mean }) => mean < low);
  const above = rows.filter(({ mean }) => mean > high);
  const look = { y: 'pool', fill, fontWeight: 600 } as const;
  return [
    text(below, { x: low, text: (row: DifferenceRow) => `◂ ${points(row)}`, textAnchor: 'start', ...look }),
    text(above, { x: high, text: (row: DifferenceRow) => `${points(row)} ▸`, textAnchor: 'end', ...look }),
  ];
}

/** What is distinguishable has a mark that points to where it lies. */
const MARKS: readonly { readonly verdicts: readonly Verdict[]; readonly symbol: string; readonly rotate: number }[] = [
  { verdicts: ['better'], symbol: 'triangle', rotate: 90 },
  { verdicts: ['worse'], symbol: 'triangle', rotate: -90 },
  { verdicts: ['same', 'untested', 'baseline'], symbol: 'circle', rotate: 0 },
];

function isDistinguishable({ verdict }: DifferenceRow): boolean {
  return verdict === 'better' || verdict === 'worse';
}

function spoken({ pool, mean, low, high, verdict }: DifferenceRow): string {
  const interval =
    low === undefined || high === undefined ? '' : ` [${signedPoints(low / 100)}, ${signedPoints(high / 100)}]`;
  return `${pool}: ${signedPoints(mean / 100)}${interval} points, ${verdictText(verdict)}`;
}

function signedTick(points: number): string {
  const rounded = Number(points.toFixed(2));
  if (rounded === 0) return '0';
  return rounded > 0 ? `+${rounded}` : `−${-rounded}`;
}

function description(rows: readonly DifferenceRow[], baseline: string): string {
  return `Accuracy against ${baseline}. ${rows.map(spoken).join('; ')}.`;
}
