/**
 * @file Lines without axes: a waveform, a filter, the maps around a pooling layer.
 */
import { line, type Markish, ruleY } from '@observablehq/plot';
import { drawChart } from './drawChart.js';

export interface Wave {
  readonly values: ArrayLike<number>;
  /** A CSS colour. Default: that of text. */
  readonly stroke?: string;
  readonly strokeWidth?: number;
  /** Whether each value stands for a stretch of time, not for a moment. */
  readonly stepped?: boolean;
}

export interface WaveChartOptions {
  readonly width?: number;
  readonly height?: number;
  /** Default: from the least to the greatest value. */
  readonly domain?: readonly [low: number, high: number];
}

/** Waves over the same stretch of time, however many values they have. */
export function waveChart(label: string, waves: readonly Wave[], options: WaveChartOptions = {}): string {
  const { width = 160, height = 64, domain = domainOf(waves) } = options;
  return drawChart(label, {
    ...{ width, height, margin: 3, axis: null },
    x: { domain: [0, 1] },
    y: { domain: [...domain] },
    marks: [...(domain[0] < 0 ? [ruleY([0], { stroke: 'var(--line)' })] : []), ...waves.map(waveMark)],
  });
}

function waveMark({ values, stroke = 'var(--ink)', strokeWidth = 1, stepped = false }: Wave): Markish {
  const { length } = values;
  const points = stepped
    ? Array.from({ length: length + 1 }, (_, i) => [i / length, values[Math.min(i, length - 1)] ?? 0])
    : Array.from(values, (value, i) => [(i + 0.5) / length, value]);
  return line(points, { stroke, strokeWidth, curve: stepped ? 'step-after' : 'linear' });
}

function domainOf(waves: readonly Wave[]): [number, number] {
  const all = waves.flatMap(({ values }) => Array.from(values));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return low === high ? [low - 1, high + 1] : [low, high];
}
