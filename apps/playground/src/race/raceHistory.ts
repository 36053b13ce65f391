/**
 * @file Everything that a race has reported so far, and the curves in it.
 */
import type { Inside, LaneName, RaceReport } from './protocol.js';

export interface RaceHistory {
  readonly status: 'loading' | 'ready' | 'running' | 'finished' | 'failed';
  readonly lanes: readonly LaneName[];
  readonly backend: string;
  readonly parameters: number;
  readonly images: number;
  readonly step: number;
  /** Per lane, by step from 1. */
  readonly losses: readonly (readonly number[])[];
  readonly betas: readonly (readonly (number | null)[])[];
  readonly testSteps: readonly number[];
  /** Per lane, by test. */
  readonly accuracies: readonly (readonly number[])[];
  readonly inside: readonly Inside[];
  readonly imagesPerSecond: number | undefined;
  readonly failure: string | undefined;
}

export const emptyHistory: RaceHistory = {
  status: 'loading',
  lanes: [],
  backend: '',
  parameters: 0,
  images: 0,
  step: 0,
  losses: [],
  betas: [],
  testSteps: [],
  accuracies: [],
  inside: [],
  imagesPerSecond: undefined,
  failure: undefined,
};

/** The history with one more report. */
export function withReport(history: RaceHistory, report: RaceReport): RaceHistory {
  switch (report.kind) {
    case 'ready': {
      const { backend, lanes, parameters, images } = report;
      const none = lanes.map(() => []);
      return { ...emptyHistory, ...{ status: 'ready', lanes, backend, parameters, images }, ...noCurves(none) };
    }
    case 'round': {
      const { step, imagesPerSecond } = report;
      const losses = history.losses.map((values, i) => [...values, report.losses[i]!]);
      const betas = history.betas.map((values, i) => [...values, report.betas[i]!]);
      const pace = history.imagesPerSecond;
      return { ...history, step, losses, betas, imagesPerSecond: smoothPace(pace, imagesPerSecond) };
    }
    case 'tested': {
      const accuracies = history.accuracies.map((values, i) => [...values, report.accuracies[i]!]);
      return { ...history, testSteps: [...history.testSteps, report.step], accuracies };
    }
    case 'inside':
      return { ...history, inside: report.networks };
    case 'finished':
      return { ...history, status: 'finished' };
    case 'failed':
      return { ...history, status: 'failed', failure: report.message };
  }
}

function noCurves(none: readonly never[][]): Pick<RaceHistory, 'losses' | 'betas' | 'accuracies'> {
  return { losses: none, betas: none, accuracies: none };
}

function smoothPace(before: number | undefined, now: number): number {
  return before === undefined ? now : 0.9 * before + 0.1 * now;
}

/** A strategy's curve over its seeds. */
export interface PoolCurve {
  readonly pool: string;
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Mean, lowest and highest of each strategy's lanes. */
export function poolCurves(lanes: readonly LaneName[], values: readonly (readonly number[])[]): PoolCurve[] {
  const pools = [...new Set(lanes.map(({ pool }) => pool))];
  return pools.map((pool) => {
    const own = values.filter((_, i) => lanes[i]?.pool === pool);
    const length = Math.min(...own.map((curve) => curve.length));
    const at = (i: number): number[] => own.map((curve) => curve[i]!);
    const points = Array.from({ length }, (_, i) => at(i));
    return {
      pool,
      mean: points.map((point) => point.reduce((sum, value) => sum + value, 0) / point.length),
      low: points.map((point) => Math.min(...point)),
      high: points.map((point) => Math.max(...point)),
    };
  });
}

/** Each value averaged with the (at most) `span − 1` before it: batches differ more than networks do. */
export function runningMean(values: readonly number[], span: number): number[] {
  let sum = 0;
  return values.map((value, i) => {
    sum += value - (i >= span ? values[i - span]! : 0);
    return sum / Math.min(i + 1, span);
  });
}
