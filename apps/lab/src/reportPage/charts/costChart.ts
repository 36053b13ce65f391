/**
 * @file Accuracy against what it costs: one point per pooling.
 */
import { axisX, axisY, dot, gridX, gridY, link, type Markish, ruleX, text } from '@observablehq/plot';
import { megabytesText, megaMultiplyAdds, milliseconds } from '../../report/cells.js';
import { grouped, percent } from '../../report/format.js';
import type { ReportRow } from '../reportContent.js';
import { drawChart, textWidth } from './drawChart.js';
import { placeLabels } from './placeLabels.js';
import { robustDomain } from './robustDomain.js';

export interface Cost {
  readonly title: string;
  readonly unit: string;
  readonly of: (row: ReportRow) => number;
  readonly text: (value: number) => string;
}

export const COSTS: readonly Cost[] = [
  {
    ...{ title: 'Training step', unit: 'ms per step' },
    of: ({ millisecondsPerStep }) => millisecondsPerStep,
    text: milliseconds,
  },
  {
    ...{ title: 'Peak memory', unit: 'MB held by tensors' },
    of: ({ peakTensorBytes }) => peakTensorBytes,
    text: megabytesText,
  },
  { title: 'Parameters', unit: 'trained values', of: ({ parameters }) => parameters, text: grouped },
  {
    ...{ title: 'Multiply-adds', unit: 'million per sample' },
    of: ({ multiplyAdds }) => multiplyAdds,
    text: megaMultiplyAdds,
  },
];

/** Costs in which poolings differ as a reader would see them; the others need no chart. */
export function differingCosts(rows: readonly ReportRow[]): Cost[] {
  return COSTS.filter((cost) => {
    const values = rows.map(cost.of);
    return values.every(Number.isFinite) && new Set(values.map(cost.text)).size > 1;
  });
}

interface CostPoint {
  readonly row: ReportRow;
  readonly cost: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const HEIGHT = 300;
const MARGIN = { marginTop: 14, marginRight: 14, marginBottom: 42, marginLeft: 46 } as const;

/** @param width in CSS pixels */
export function costChart(
  rows: readonly ReportRow[],
  cost: Cost,
  colours: ReadonlyMap<string, string>,
  width: number,
): string {
  const points = rows.map((row): CostPoint => {
    const { mean, halfWidth } = row.accuracy;
    return { row, cost: cost.of(row), mean, low: mean - (halfWidth ?? 0), high: mean + (halfWidth ?? 0) };
  });
  const height = HEIGHT + Math.max(0, rows.length - 8) * 8;
  const scales = scalesOf(points, width, height);
  const shown = points.filter(({ mean }) => mean >= scales.y.low && mean <= scales.y.high);
  const below = points.filter((point) => !shown.includes(point));
  return drawChart(description(points, cost), {
    ...{ width, height, ...MARGIN },
    x: { domain: [scales.x.low, scales.x.high] },
    y: { domain: [scales.y.low, scales.y.high] },
    marks: [
      gridY({ ticks: 5, stroke: 'var(--line)', strokeOpacity: 1 }),
      gridX({ ticks: 5, stroke: 'var(--line)', strokeOpacity: 1 }),
      axisY({
        ticks: 5,
        tickSize: 0,
        label: null,
        tickFormat: (value: number) => `${Number((100 * value).toFixed(1))} %`,
      }),
      axisX({ ticks: 5, tickSize: 0, label: null, tickFormat: (value: number) => cost.text(value) }),
      text([cost.unit], { frameAnchor: 'bottom', dy: 36, fill: 'var(--ink-soft)' }),
      ...pointMarks(shown, cost, colours),
      ...labelMarks(shown, scales, colours),
      ...belowMarks(below, scales),
    ],
  });
}

function pointMarks(points: readonly CostPoint[], cost: Cost, colours: ReadonlyMap<string, string>): Markish[] {
  const stroke = ({ row }: CostPoint): string => colours.get(row.pool) ?? 'var(--accent)';
  const title = ({ row, mean, cost: value }: CostPoint): string =>
    `${row.pool}: ${percent(mean)}, ${cost.text(value)} ${cost.unit}`;
  return [
    ruleX(points, { x: 'cost', y1: 'low', y2: 'high', stroke, strokeOpacity: 0.35, strokeWidth: 2, clip: true }),
    dot(points, { x: 'cost', y: 'mean', r: 5, fill: stroke, stroke: 'var(--surface)', strokeWidth: 1.5, title }),
  ];
}

function labelMarks(points: readonly CostPoint[], { x, y }: Scales, colours: ReadonlyMap<string, string>): Markish[] {
  const places = placeLabels(
    points.map(({ cost, mean, row }) => ({ x: x.pixel(cost), y: y.pixel(mean), width: textWidth(row.pool) })),
    { left: x.pixel(x.low), right: x.pixel(x.high) + MARGIN.marginRight, top: y.pixel(y.high), bottom: y.pixel(y.low) },
  );
  const labels = points.map(({ row, cost, mean }, i) => {
    const place = places[i] ?? { x: x.pixel(cost), y: y.pixel(mean), isFar: false };
    const width = textWidth(row.pool);
    const isLeft = place.x < x.pixel(cost);
    return {
      ...{ pool: row.pool, cost, mean, isFar: place.isFar, left: x.value(place.x), at: y.value(place.y) },
      near: x.value(isLeft ? place.x + width + 2 : place.x - 2),
    };
  });
  const fill = ({ pool }: { pool: string }): string => colours.get(pool) ?? 'var(--accent)';
  const far = labels.filter(({ isFar }) => isFar);
  return [
    link(far, { x1: 'cost', y1: 'mean', x2: 'near', y2: 'at', stroke: 'var(--ink-soft)', strokeOpacity: 0.6 }),
    text(labels, { x: 'left', y: 'at', text: 'pool', textAnchor: 'start', fill, fontWeight: 600 }),
  ];
}

/** Networks that are so much worse that their points would squeeze all others. */
function belowMarks(points: readonly CostPoint[], { x, y }: Scales): Markish[] {
  if (points.length === 0) return [];
  const names = points.map(({ row, mean }) => `${row.pool} ${percent(mean)}`).join(', ');
  const where = { x: x.low, y: y.low, textAnchor: 'start', dx: 4, dy: -8, fill: 'var(--ink-soft)' } as const;
  return [text([`▾ outside: ${names}`], where)];
}

interface Scale {
  readonly low: number;
  readonly high: number;
  pixel(value: number): number;
  value(pixel: number): number;
}

interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

function scalesOf(points: readonly CostPoint[], width: number, height: number): Scales {
  const domain = robustDomain(points.map(({ mean }) => mean));
  const inside = points.filter(({ mean }) => mean >= domain[0] && mean <= domain[1]);
  const [low, high] = robustDomain(inside.flatMap((point) => [point.low, point.high]));
  const costs = points.map(({ cost }) => cost);
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  const room = 0.08 * (most - least);
  return {
    x: scale(least - room, most + 2 * room, MARGIN.marginLeft, width - MARGIN.marginRight),
    y: scale(Math.max(0, low), Math.min(1, high), height - MARGIN.marginBottom, MARGIN.marginTop),
  };
}

function scale(low: number, high: number, from: number, to: number): Scale {
  return {
    ...{ low, high },
    pixel: (value) => from + ((value - low) / (high - low)) * (to - from),
    value: (pixel) => low + ((pixel - from) / (to - from)) * (high - low),
  };
}

function description(points: readonly CostPoint[], { title, text: format, unit }: Cost): string {
  const texts = points.map(({ row, cost, mean }) => `${row.pool} ${percent(mean)} at ${format(cost)}`);
  return `Test accuracy against ${title.toLowerCase()} in ${unit}: ${texts.join('; ')}.`;
}
