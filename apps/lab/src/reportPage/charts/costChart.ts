/**
 * @file Accuracy against what it costs: one point per pooling.
 */
import { axisX, axisY, dot, gridX, gridY, link, type Markish, ruleX, text } from '@observablehq/plot';
import { percent } from '../../report/format.js';
import type { ReportRow } from '../reportContent.js';
import { type CostScales, costScales, hasRoomForIntervals, type PlotArea, type Scale } from './costScales.js';
import type { Cost } from './costs.js';
import { boldWidth, drawChart } from './drawChart.js';
import { placeLabels } from './placeLabels.js';

const HEIGHT = 300;
/** Names stay readable on lines. */
const HALO = { stroke: 'var(--surface)', strokeWidth: 3 } as const;
const MARGIN = { marginTop: 14, marginRight: 14, marginBottom: 42, marginLeft: 46 } as const;

interface CostPoint {
  readonly pool: string;
  readonly cost: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface CostChartOptions {
  readonly colours: ReadonlyMap<string, string>;
  /** In CSS pixels. */
  readonly width: number;
}

/** Costs of very different sizes are on a logarithmic axis. */
export function costChart(rows: readonly ReportRow[], cost: Cost, { colours, width }: CostChartOptions): string {
  const height = HEIGHT + Math.max(0, rows.length - 8) * 8;
  const area = areaOf(width, height);
  const scales = costScales(rows, cost, area);
  const points = rows.map((row): CostPoint => {
    const { mean, halfWidth } = row.accuracy;
    return { pool: row.pool, cost: cost.of(row), mean, low: mean - (halfWidth ?? 0), high: mean + (halfWidth ?? 0) };
  });
  const shown = points.filter(({ mean }) => mean >= scales.y.low && mean <= scales.y.high);
  const outside = points.filter((point) => !shown.includes(point));
  const stroke = ({ pool }: Pick<CostPoint, 'pool'>): string => colours.get(pool) ?? 'var(--accent)';
  const bars = { x: 'cost', y1: 'low', y2: 'high', stroke, strokeOpacity: 0.35, strokeWidth: 2, clip: true } as const;
  return drawChart(description(points, cost), {
    ...{ width, height, ...MARGIN },
    x: { type: scales.x.type, domain: [scales.x.low, scales.x.high] },
    y: { domain: [scales.y.low, scales.y.high] },
    marks: [
      ...axisMarks(cost, scales.x),
      ...(hasRoomForIntervals(rows) ? [ruleX(shown, bars)] : []),
      dot(shown, {
        x: 'cost',
        y: 'mean',
        r: 5,
        fill: stroke,
        stroke: 'var(--surface)',
        strokeWidth: 1.5,
        title: spoken(cost),
      }),
      ...labelMarks(shown, scales, area, stroke),
      ...outsideMarks(outside, scales),
    ],
  });
}

function areaOf(width: number, height: number): PlotArea {
  const { marginTop, marginRight, marginBottom, marginLeft } = MARGIN;
  return { left: marginLeft, right: width - marginRight, top: marginTop, bottom: height - marginBottom };
}

function axisMarks(cost: Cost, x: Scale): Markish[] {
  const ticks = x.type === 'log' ? logTicks(x) : 5;
  const grid = { stroke: 'var(--line)', strokeOpacity: 1 };
  const share = (value: number): string => `${Number((100 * value).toFixed(1))} %`;
  return [
    gridY({ ticks: 5, ...grid }),
    gridX({ ticks, ...grid }),
    axisY({ ticks: 5, tickSize: 0, label: null, tickFormat: share }),
    axisX({ ticks, tickSize: 0, label: null, tickFormat: cost.tick ?? cost.text }),
    text([`${cost.unit}${x.type === 'log' ? ', by ratio' : ''}`], {
      frameAnchor: 'bottom',
      dy: 36,
      fill: 'var(--ink-soft)',
    }),
  ];
}

/** 1, 2, 5, 10, … */
function logTicks({ low, high }: Scale): number[] {
  const decades = Array.from({ length: 16 }, (_, exponent) => 10 ** (exponent - 3));
  return decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]).filter((tick) => tick >= low && tick <= high);
}

function labelMarks(
  points: readonly CostPoint[],
  { x, y }: CostScales,
  area: PlotArea,
  fill: (point: Pick<CostPoint, 'pool'>) => string,
): Markish[] {
  const places = placeLabels(
    points.map(({ cost, mean, pool }) => ({ x: x.pixel(cost), y: y.pixel(mean), width: boldWidth(pool) })),
    { ...area, right: area.right + MARGIN.marginRight },
  );
  const labels = points.flatMap((point, i) => {
    const place = places[i];
    if (!place) return [];
    const { x: left, y: middle, line } = place;
    // A width is only known roughly: the end that is near the point must be exact.
    const isBefore = left < x.pixel(point.cost);
    const from = x.value(isBefore ? left + boldWidth(point.pool) : left);
    return { ...point, isBefore, from, at: y.value(middle), end: line && x.value(line.x) };
  });
  const far = labels.filter(({ end }) => end !== undefined);
  const names = { x: 'from', y: 'at', text: 'pool', fill, fontWeight: 600, ...HALO } as const;
  return [
    link(far, { x1: 'cost', y1: 'mean', x2: 'end', y2: 'at', stroke: 'var(--ink-soft)', strokeOpacity: 0.6 }),
    text(
      labels.filter(({ isBefore }) => !isBefore),
      { ...names, textAnchor: 'start' },
    ),
    text(
      labels.filter(({ isBefore }) => isBefore),
      { ...names, textAnchor: 'end' },
    ),
  ];
}

/** Networks that are so much worse that their points would squeeze all others. */
function outsideMarks(points: readonly CostPoint[], { x, y }: CostScales): Markish[] {
  if (points.length === 0) return [];
  const names = points.map(({ pool, mean }) => `${pool} ${percent(mean)}`).join(', ');
  const where = { x: x.low, y: y.low, textAnchor: 'start', dx: 4, dy: -8, fill: 'var(--ink-soft)' } as const;
  return [text([`outside: ${names}`], where)];
}

function spoken(cost: Cost): (point: CostPoint) => string {
  return ({ pool, mean, cost: value }) => `${pool}: ${percent(mean)}, ${cost.text(value)} ${cost.unit}`;
}

function description(points: readonly CostPoint[], cost: Cost): string {
  return `Test accuracy against ${cost.title.toLowerCase()}. ${points.map(spoken(cost)).join('; ')}.`;
}
