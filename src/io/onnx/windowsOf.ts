/**
 * @file Windows as axes: with every cell of a window on an axis of its own, any pooling is a reduction over those axes.
 *
 *   [N, C, H, W] → [N, C, H', kH, W', kW]
 *
 * No step depends on the size of the batch. Windows without overlap or gaps are a mere reshape, all others are gathered.
 */
import type { PoolWindow } from '../../ops/poolWindow.js';
import type { Operand } from './converter.js';
import type { GraphBuilder } from './graphBuilder.js';

/** A window on one spatial axis. */
export interface WindowAxis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Cells in front of the input. */
  readonly padding: number;
  /** Cells behind the input that the last window reaches into; with ceil mode more than `padding`. */
  readonly overhang: number;
}

/** The windows of one tensor. */
export interface Windows {
  readonly name: string;
  /** The axes along which the cells of a window lie. */
  readonly cells: readonly number[];
}

/** The spatial axes of a window. */
export function windowAxes({ rank, geometry }: Pick<PoolWindow, 'rank' | 'geometry'>): WindowAxis[] {
  const { input, output, kernel, stride, dilation, padding } = geometry;
  return ([0, 1, 2] as const).slice(3 - rank).map((axis) => {
    const reach = (output[axis] - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1;
    return {
      ...{ input: input[axis], output: output[axis], kernel: kernel[axis], stride: stride[axis] },
      ...{ dilation: dilation[axis], padding: padding[axis] },
      overhang: Math.max(0, reach - input[axis] - padding[axis]),
    };
  });
}

/** Lays the windows of `x` out; `fill` is what padded cells read. */
export function windowsOf(graph: GraphBuilder, x: Operand, axes: readonly WindowAxis[], fill: number): Windows {
  const leading = x.shape.length - axes.length;
  const cells = axes.map((_, i) => leading + 2 * i + 1);
  const padded = padWindows(graph, x.name, leading, axes, fill);
  const name = axes.every(isTiled) ? tiles(graph, padded, leading, axes) : gathered(graph, padded, leading, axes);
  return { name, cells };
}

/** One value per window, given to each of its cells; the windows must be tiled and leave no cell out. */
export function spreadWindows(graph: GraphBuilder, y: Operand, axes: readonly WindowAxis[]): string {
  const leading = y.shape.length - axes.length;
  return axes.reduce((name, { input, kernel, padding }, i) => {
    const windows = Array.from({ length: input }, (_, cell) => Math.floor((cell + padding) / kernel));
    return graph.node('Gather', [name, graph.integers(windows)], { axis: { int: leading + i } });
  }, y.name);
}

/** Whether windows follow each other without overlaps or gaps. */
export function isTiled({ output, kernel, stride, dilation }: WindowAxis): boolean {
  return (stride === kernel || output === 1) && (dilation === 1 || kernel === 1);
}

export function needsPadding(axes: readonly WindowAxis[]): boolean {
  return axes.some(({ padding, overhang }) => padding > 0 || overhang > 0);
}

/** Surrounds the spatial axes, behind `leading` others, with the cells that windows reach into. */
export function padWindows(
  graph: GraphBuilder,
  x: string,
  leading: number,
  axes: readonly WindowAxis[],
  fill: number,
): string {
  if (!needsPadding(axes)) return x;
  const none = new Array<number>(leading).fill(0);
  const before = [...none, ...axes.map(({ padding }) => padding)];
  const after = [...none, ...axes.map(({ overhang }) => overhang)];
  return graph.node('Pad', [x, graph.integers([...before, ...after]), graph.scalar(fill)]);
}

/** Windows side by side: cells behind the last one are cut off, then H becomes [H', kH]. A size of 0 keeps an axis. */
function tiles(graph: GraphBuilder, x: string, leading: number, axes: readonly WindowAxis[]): string {
  const cut = axes.flatMap(({ input, output, kernel, padding, overhang }, i) =>
    input + padding + overhang > output * kernel ? [{ axis: leading + i, end: output * kernel }] : [],
  );
  const bounds = [cut.map(() => 0), cut.map(({ end }) => end), cut.map(({ axis }) => axis)];
  const whole = cut.length === 0 ? x : graph.node('Slice', [x, ...bounds.map((list) => graph.integers(list))]);
  const sizes = axes.flatMap(({ output, kernel }) => [output, kernel]);
  return graph.node('Reshape', [whole, graph.integers([...new Array<number>(leading).fill(0), ...sizes])]);
}

/** Axis by axis, last first, so that the axes in front keep their numbers: index [p, k] is p·stride + k·dilation. */
function gathered(graph: GraphBuilder, x: string, leading: number, axes: readonly WindowAxis[]): string {
  return axes.reduceRight((name, { output, kernel, stride, dilation }, i) => {
    const indices = Array.from({ length: output * kernel }, (_, at) => {
      const position = Math.floor(at / kernel);
      return position * stride + (at % kernel) * dilation;
    });
    return graph.node('Gather', [name, graph.integers(indices, [output, kernel])], { axis: { int: leading + i } });
  }, x);
}
