/**
 * @file Learning curves: a line for the mean over seeds, a band from the lowest to the highest of them.
 */
import { areaY, axisX, axisY, dot, gridY, lineY, type Markish, ruleX, text } from '@observablehq/plot';
import type { EpochRecord } from '../../study/runResult.js';
import type { StudyRun } from '../../study/study.js';
import { boldWidth, drawChart, FONT_SIZE } from './drawChart.js';
import { robustDomain } from './robustDomain.js';
import { spread } from './spread.js';

export interface CurvePoint {
  readonly pool: string;
  /** Counted from 1. */
  readonly epoch: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface Metric {
  readonly title: string;
  readonly of: (record: EpochRecord) => number;
  readonly format: (value: number) => string;
}

const shareText = (value: number): string => `${Number((100 * value).toFixed(1))} %`;

export const METRICS: readonly Metric[] = [
  { title: 'Test accuracy', of: ({ testAccuracy }) => testAccuracy, format: shareText },
  { title: 'Test loss', of: ({ testLoss }) => testLoss, format: String },
  { title: 'Training loss', of: ({ loss }) => loss, format: String },
];

/** The points of each pooling, epoch by epoch. */
export function curvePoints(runs: readonly StudyRun[], pools: readonly string[], metric: Metric): CurvePoint[] {
  return pools.flatMap((pool) => {
    const own = runs.filter((run) => run.pool === pool);
    const epochs = own[0]?.epochs ?? [];
    return epochs.map((_, i): CurvePoint => {
      const values = own.flatMap(({ epochs: records }) => (records[i] ? [metric.of(records[i])] : []));
      const mean = values.reduce((total, value) => total + value, 0) / values.length;
      return { pool, epoch: i + 1, mean, low: Math.min(...values), high: Math.max(...values) };
    });
  });
}

export interface CurveChartOptions {
  readonly width: number;
  readonly height: number;
  readonly colours: ReadonlyMap<string, string>;
  /** Drawn thin and grey, to compare with. */
  readonly context?: readonly CurvePoint[];
  /** Whether the lines have names at their ends. */
  readonly named?: boolean;
}

/** A chart of one metric. */
export function curveChart(points: readonly CurvePoint[], metric: Metric, options: CurveChartOptions): string {
  const { width, height, colours, context = [], named = false } = options;
  const all = [...points, ...context];
  const last = Math.max(...all.map(({ epoch }) => epoch));
  const domain = valueDomain(all, metric);
  const names = named ? [...new Set(points.map(({ pool }) => pool))] : [];
  const marginRight = 12 + Math.max(0, ...names.map(boldWidth));
  const frame = { marginTop: 10, marginBottom: 24, marginLeft: 42, marginRight };
  const ticks = epochTicks(last, width - frame.marginLeft - marginRight);
  const stroke = ({ pool }: CurvePoint): string => colours.get(pool) ?? 'var(--ink-soft)';
  return drawChart(description(points, metric), {
    ...{ width, height, ...frame },
    x: { domain: last > 1 ? [1, last] : [0.5, 1.5] },
    y: { domain },
    marks: [
      gridY({ ticks: 4, stroke: 'var(--line)', strokeOpacity: 1 }),
      axisY({ ticks: 4, tickSize: 0, label: null, tickFormat: metric.format }),
      axisX({
        ticks,
        tickSize: 0,
        label: null,
        tickFormat: epochText(ticks, named),
      }),
      lineY(context, { x: 'epoch', y: 'mean', z: 'pool', stroke: 'var(--context)', strokeWidth: 1, clip: true }),
      areaY(points, { x: 'epoch', y1: 'low', y2: 'high', z: 'pool', fill: stroke, fillOpacity: 0.16, clip: true }),
      lineY(points, { x: 'epoch', y: 'mean', z: 'pool', stroke, strokeWidth: 2.25, clip: true }),
      ...(last > 1 ? [] : singleEpoch(points, stroke)),
      ...(named ? [nameMarks(points, domain, height - frame.marginTop - frame.marginBottom, stroke)] : []),
    ],
  });
}

/** A line needs two epochs. */
function singleEpoch(points: readonly CurvePoint[], stroke: (point: CurvePoint) => string): Markish[] {
  return [
    ruleX(points, { x: 'epoch', y1: 'low', y2: 'high', stroke, strokeWidth: 3, strokeOpacity: 0.4, clip: true }),
    dot(points, { x: 'epoch', y: 'mean', fill: stroke, r: 4, clip: true }),
  ];
}

/** The name of each line beside its end, moved apart where ends lie close. */
function nameMarks(
  points: readonly CurvePoint[],
  [low, high]: readonly [number, number],
  height: number,
  fill: (point: CurvePoint) => string,
): Markish {
  const ends = [...new Map(points.map((point) => [point.pool, point])).values()];
  const perPixel = (high - low) / height;
  const wanted = ends.map(({ mean }) => Math.min(high, Math.max(low, mean)) / perPixel);
  const places = spread(wanted, FONT_SIZE + 2, low / perPixel, high / perPixel);
  const labels = ends.map((end, i) => ({ ...end, at: (places[i] ?? 0) * perPixel }));
  const where = { x: 'epoch', y: 'at', text: 'pool', fill, textAnchor: 'start', dx: 7, fontWeight: 600 } as const;
  return text(labels, where);
}

/** Losses begin at 0 where that costs little room; a network that diverged doesn't flatten the others. */
function valueDomain(points: readonly CurvePoint[], metric: Metric): [number, number] {
  const [low, high] = robustDomain(points.flatMap((point) => [point.low, point.high]));
  if (metric.title === 'Test accuracy') return [Math.max(0, low), Math.min(1, high)];
  return [low < 0.35 * high ? 0 : low, high];
}

/** The first epoch, and multiples of a round number that leave it room. */
function epochTicks(last: number, width: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((size) => last / size <= width / 34) ?? last;
  const multiples = Array.from({ length: Math.floor(last / step) }, (_, i) => (i + 1) * step);
  return [1, ...multiples.filter((epoch) => epoch > 1 + step / 2)];
}

function epochText(ticks: readonly number[], spelt: boolean): (epoch: number) => string {
  return (epoch) => (spelt && epoch === ticks[0] ? `epoch ${epoch}` : String(epoch));
}

function description(points: readonly CurvePoint[], { title, format }: Metric): string {
  const ends = [...new Map(points.map((point) => [point.pool, point])).values()];
  const texts = ends.map(({ pool, mean }) => `${pool} ${format(Number(mean.toPrecision(3)))}`);
  return `${title} by epoch; after the last one ${texts.join(', ')}.`;
}
