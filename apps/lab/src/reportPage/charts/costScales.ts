/**
 * @file Where points lie in a chart of accuracy against cost.
 */
import { median } from '../../study/statistics.js';
import type { ReportRow } from '../reportContent.js';
import type { Cost } from './costs.js';
import { robustDomain } from './robustDomain.js';

export interface Scale {
  readonly type: 'linear' | 'log';
  readonly low: number;
  readonly high: number;
  pixel(value: number): number;
  value(pixel: number): number;
}

export interface CostScales {
  readonly x: Scale;
  readonly y: Scale;
}

/** In pixels. */
export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Costs that differ more than so many times are compared by their ratios. */
const LOG_FROM = 4;
/** The least that the axis shows on each side of the means: a point of accuracy. */
const LEAST_REACH = 0.01;

export function costScales(rows: readonly ReportRow[], cost: Cost, area: PlotArea): CostScales {
  const costs = rows.map(cost.of);
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  const [low, high] = accuracyDomain(rows);
  return {
    x: most / least > LOG_FROM ? logScale(least, most, area) : linearScale(least, most, area),
    y: scaleOf(
      'linear',
      (value) => value,
      (value) => value,
      [Math.max(0, low), Math.min(1, high)],
      [area.bottom, area.top],
    ),
  };
}

/** Intervals that reach further than all means lie apart say that nothing can be told, and would leave no room to say it. */
export function hasRoomForIntervals(rows: readonly ReportRow[]): boolean {
  const widths = rows.flatMap(({ accuracy }) => accuracy.halfWidth ?? []);
  return widths.length > 0 && median(widths) <= reachOf(nearMeans(rows));
}

function accuracyDomain(rows: readonly ReportRow[]): [number, number] {
  const means = nearMeans(rows);
  const reach = reachOf(means);
  if (!hasRoomForIntervals(rows))
    return robustDomain([...means, Math.min(...means) - LEAST_REACH, Math.max(...means) + LEAST_REACH]);
  const shown = rows.filter(({ accuracy }) => means.includes(accuracy.mean));
  return robustDomain(
    shown.flatMap(({ accuracy: { mean, halfWidth } }) => [
      Math.max(mean - (halfWidth ?? 0), Math.min(...means) - reach),
      Math.min(mean + (halfWidth ?? 0), Math.max(...means) + reach),
    ]),
  );
}

/** Without those that lie far out. */
function nearMeans(rows: readonly ReportRow[]): number[] {
  const means = rows.map(({ accuracy }) => accuracy.mean);
  const [low, high] = robustDomain(means);
  return means.filter((mean) => mean >= low && mean <= high);
}

function reachOf(means: readonly number[]): number {
  return Math.max(Math.max(...means) - Math.min(...means), LEAST_REACH);
}

function linearScale(least: number, most: number, { left, right }: PlotArea): Scale {
  const room = 0.08 * (most - least) || 0.1 * most;
  return scaleOf(
    'linear',
    (value) => value,
    (value) => value,
    [least - room, most + 2 * room],
    [left, right],
  );
}

function logScale(least: number, most: number, { left, right }: PlotArea): Scale {
  const room = (most / least) ** 0.08;
  return scaleOf('log', Math.log, Math.exp, [least / room, most * room ** 2], [left, right]);
}

function scaleOf(
  type: Scale['type'],
  transform: (value: number) => number,
  inverse: (value: number) => number,
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): Scale {
  const [first, span] = [transform(low), transform(high) - transform(low)];
  return {
    ...{ type, low, high },
    pixel: (value) => from + ((transform(value) - first) / span) * (to - from),
    value: (pixel) => inverse(first + ((pixel - from) / (to - from)) * span),
  };
}
