/**
 * @file Lines over a common axis, with bands where there is a spread. Colours and sizes follow the page.
 */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { formatNumber } from '../compute/format.js';
import { useStore } from '../state/store.js';
import { chartOptions } from './chartOptions.js';

export interface Line {
  readonly label: string;
  /** A CSS colour. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
  /** The edges of a band around the line. */
  readonly low?: readonly (number | null)[] | undefined;
  readonly high?: readonly (number | null)[] | undefined;
  readonly isDashed?: boolean | undefined;
}

export interface LineChartProps {
  /** What the chart shows, for those who don’t see it; the values of the legend follow. */
  readonly label: string;
  readonly x: readonly number[];
  readonly lines: readonly Line[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly yRange?: readonly [number, number] | undefined;
  readonly xFormat?: ((value: number) => string) | undefined;
  /** A vertical mark; the legend gives the values there, else the last ones. */
  readonly mark?: number | undefined;
  readonly digits?: number | undefined;
}

export function LineChart(props: LineChartProps): JSX.Element {
  const { label, digits = 3 } = props;
  const place = useRef<HTMLDivElement>(null);
  useChart(place, props);
  const values = legendValues(props);
  return (
    <figure class="chart">
      <div ref={place} class="chart-plot" role="img" aria-label={`${label} ${summary(values, digits)}`} />
      <figcaption>
        <ul class="chart-legend">
          {values.map(({ label: name, colour, value }) => (
            <li key={name}>
              <i style={{ background: colour }} />
              {name} <b class="mono">{formatNumber(value, digits)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

interface LegendValue extends Pick<Line, 'label' | 'colour'> {
  readonly value: number;
}

function legendValues({ lines, x, mark }: LineChartProps): LegendValue[] {
  const distances = x.map((place) => Math.abs(place - (mark ?? Number.POSITIVE_INFINITY)));
  const index = mark === undefined ? -1 : distances.indexOf(Math.min(...distances));
  return lines.map(({ label, colour, values }) => ({ label, colour, value: values.at(index) ?? Number.NaN }));
}

function summary(values: readonly LegendValue[], digits: number): string {
  return values.map(({ label, value }) => `${label}: ${formatNumber(value, digits)}`).join('; ');
}

/** Makes a chart where the page shows one, and keeps it up to date. */
function useChart(place: { readonly current: HTMLElement | null }, props: LineChartProps): void {
  const isDark = useStore().isDark.value;
  const chart = useRef<UPlot>(undefined);
  const mark = useRef(props.mark);
  mark.current = props.mark;
  const { lines, x, xLabel, yLabel, yRange } = props;
  const kind = lines.map(({ label, colour, low }) => `${label}${colour}${low !== undefined}`).join();
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new UPlot(chartOptions(element, props, mark), dataOf(x, lines), element);
    chart.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [kind, isDark, xLabel, yLabel, yRange?.[0], yRange?.[1]]);
  useEffect(() => {
    chart.current?.setData(dataOf(x, lines));
  }, [x, lines, props.mark]);
}

function dataOf(x: readonly number[], lines: readonly Line[]): UPlot.AlignedData {
  const columns = lines.flatMap(({ values, low, high }) => (low && high ? [values, low, high] : [values]));
  return [[...x], ...columns.map((column) => [...column])];
}
