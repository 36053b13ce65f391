/**
 * @file How charts look: thin axes, the page's type and colours.
 */
import type UPlot from 'uplot';
import { formatNumber } from '../compute/format.js';
import type { LineChartProps } from './LineChart.js';

/** uPlot's options for a chart inside `element`. */
export function chartOptions(
  element: HTMLElement,
  { lines, xLabel, yLabel, yRange, xFormat }: LineChartProps,
  mark: { readonly current: number | undefined },
): UPlot.Options {
  const colour = (name: string): string => resolvedColour(name, element);
  const em = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${0.75 * em}px ${getComputedStyle(element).fontFamily}`;
  const axis = (label: string): UPlot.Axis => ({
    ...{ label, font, labelFont: font, labelSize: 1.3 * em, stroke: colour('var(--ink-soft)') },
    grid: { stroke: colour('var(--line)'), width: 1 },
    ticks: { show: false },
  });
  const values = xFormat ? (_: UPlot, splits: number[]): string[] => splits.map(xFormat) : undefined;
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: yRange ? { range: [...yRange] } : {} },
    axes: [
      { ...axis(xLabel), size: 2.1 * em, ...(values ? { values } : {}) },
      { ...axis(yLabel), size: 3.4 * em, values: (_, splits) => splits.map(shortNumber) },
    ],
    series: [{}, ...lines.flatMap((line) => seriesOf(line, colour))],
    bands: bandsOf(lines, colour),
    hooks: { draw: [(chart) => drawMark(chart, mark.current, colour('var(--ink)'))] },
  };
}

function seriesOf(line: LineChartProps['lines'][number], colour: (name: string) => string): UPlot.Series[] {
  const stroke = colour(line.colour);
  const main: UPlot.Series = {
    ...{ label: line.label, stroke, width: line.isDashed ? 1.5 : 2.2, points: { show: false } },
    ...(line.isDashed ? { dash: [6, 5] } : {}),
  };
  const edge: UPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
  return line.low ? [main, edge, edge] : [main];
}

function bandsOf(lines: LineChartProps['lines'], colour: (name: string) => string): UPlot.Band[] {
  const bands: UPlot.Band[] = [];
  let index = 1;
  for (const line of lines) {
    if (line.low) {
      bands.push({
        series: [index + 2, index + 1],
        fill: colour(`color-mix(in srgb, ${line.colour} 22%, transparent)`),
      });
    }
    index += line.low ? 3 : 1;
  }
  return bands;
}

function drawMark({ ctx, bbox, valToPos }: UPlot, mark: number | undefined, colour: string): void {
  if (mark === undefined) return;
  const x = valToPos(mark, 'x', true);
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

function shortNumber(value: number): string {
  return formatNumber(value, Number.isInteger(value) ? 0 : Math.abs(value) < 0.1 ? 3 : Math.abs(value) < 1 ? 2 : 1);
}

/** A colour that may be a variable or depend on the colour scheme, as a canvas takes it. */
function resolvedColour(colour: string, element: HTMLElement): string {
  const probe = document.createElement('i');
  probe.style.color = colour;
  element.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}
