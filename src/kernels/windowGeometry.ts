/**
 * @file Sliding windows over one to three spatial axes: the owner of the output-size rule.
 *
 *   out = ⌊(in + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1
 *
 * In ceil mode the division rounds up, and a last window that would start in the right padding is dropped (PyTorch's rule).
 */
import { ArgumentError, ShapeError } from '../errors.js';

/** A number for every axis, or one number per axis. */
export type PerAxis = number | readonly number[];

/** One, two or three axes, depth first, lifted to three. */
export type Triple = readonly [depth: number, height: number, width: number];

/** What a user says about a pooling window. */
export interface WindowOptions {
  readonly kernelSize: PerAxis;
  /** Default: `kernelSize`. */
  readonly stride?: PerAxis | undefined;
  /** Cells added on both sides of each axis. Default 0. */
  readonly padding?: PerAxis | undefined;
  /** Distance between the cells of a window. Default 1. */
  readonly dilation?: PerAxis | undefined;
  /** Round the output size up, so that a last partial window counts. Default false. */
  readonly ceilMode?: boolean | undefined;
}

/** A checked window over `planes` images: every field a kernel needs, on three axes. */
export interface WindowGeometry {
  /** Product of all axes in front of the spatial ones. */
  readonly planes: number;
  readonly input: Triple;
  readonly output: Triple;
  readonly kernel: Triple;
  readonly stride: Triple;
  readonly padding: Triple;
  readonly dilation: Triple;
}

/** Axes are counted as the user sees them in messages: axis 0 is the batch or, unbatched, the channels. */
interface AxisContext {
  readonly operation: string;
  readonly firstAxis: number;
}

/**
 * The window of a pooling operation over the last `rank` axes of `shape`.
 *
 * @param operation name for messages, such as `softPool2d`
 * @param shape `[N, C, ...spatial]` or `[C, ...spatial]`
 * @throws ShapeError if the rank is wrong or a window exceeds the padded input
 * @throws ArgumentError if an option is out of range
 */
export function windowGeometry(
  operation: string,
  shape: readonly number[],
  rank: 1 | 2 | 3,
  options: WindowOptions,
): WindowGeometry {
  if (shape.length !== rank + 1 && shape.length !== rank + 2) {
    const axes = ['L', 'H, W', 'D, H, W'][rank - 1];
    throw new ShapeError(`${operation}: input must be [N, C, ${axes}] or [C, ${axes}], got [${shape}]`);
  }
  const kernel = perAxis(operation, 'kernelSize', options.kernelSize, rank, 1);
  const stride = perAxis(operation, 'stride', options.stride ?? options.kernelSize, rank, 1);
  const padding = perAxis(operation, 'padding', options.padding ?? 0, rank, 0);
  const dilation = perAxis(operation, 'dilation', options.dilation ?? 1, rank, 1);
  const spatial = shape.slice(-rank);
  const context = { operation, firstAxis: shape.length - rank };
  checkPadding(context, kernel, padding);
  const output = outputSizes(context, spatial, { kernel, stride, padding, dilation }, options.ceilMode ?? false);
  return {
    planes: shape.slice(0, -rank).reduce((product, size) => product * size, 1),
    input: triple(spatial, 1),
    output: triple(output, 1),
    kernel: triple(kernel, 1),
    stride: triple(stride, 1),
    padding: triple(padding, 0),
    dilation: triple(dilation, 1),
  };
}

/** The window's parameters on each axis, as plain lists of `rank` numbers. */
export interface WindowAxes {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/**
 * Output size on every spatial axis.
 *
 * @throws ShapeError if a window exceeds the padded input; the message names the axis
 */
export function outputSizes(
  context: AxisContext,
  spatial: readonly number[],
  window: WindowAxes,
  ceilMode: boolean,
): number[] {
  return spatial.map((size, i) => {
    const [kernel, stride, padding, dilation] = [
      at(window.kernel, i),
      at(window.stride, i),
      at(window.padding, i),
      at(window.dilation, i),
    ];
    const span = size + 2 * padding - dilation * (kernel - 1) - 1;
    if (span < 0) {
      const padded = spatial.map((s, axis) => s + 2 * at(window.padding, axis));
      const dilated = window.dilation.some((d) => d > 1) ? ` with dilation [${window.dilation}]` : '';
      throw new ShapeError(
        `${context.operation}: kernelSize [${window.kernel}]${dilated} exceeds padded input [${padded}] on axis ${context.firstAxis + i}`,
      );
    }
    if (!ceilMode) return Math.floor(span / stride) + 1;
    const windows = Math.ceil(span / stride) + 1;
    return (windows - 1) * stride >= size + padding ? windows - 1 : windows;
  });
}

/** One whole number per axis, at least `least`. */
export function perAxis(operation: string, name: string, value: PerAxis, rank: number, least: number): number[] {
  const values = typeof value === 'number' ? new Array<number>(rank).fill(value) : [...value];
  if (values.length !== rank) {
    throw new ArgumentError(`${operation}: ${name} takes one number or ${rank}, got [${values}]`);
  }
  if (!values.every((v) => Number.isInteger(v) && v >= least)) {
    throw new ArgumentError(`${operation}: ${name} must be whole numbers of at least ${least}, got [${values}]`);
  }
  return values;
}

/** Lifts one, two or three axes to three: a 1D window is a 2D one over a unit axis. */
export function triple(axes: readonly number[], unit: number): Triple {
  const [a, b, c] = axes;
  if (a !== undefined && b !== undefined && c !== undefined) return [a, b, c];
  if (a !== undefined && b !== undefined) return [unit, a, b];
  return [unit, unit, a ?? unit];
}

/** Number of cells in one window, padding included. */
export function windowSize({ kernel }: WindowGeometry): number {
  return kernel[0] * kernel[1] * kernel[2];
}

function checkPadding(
  { operation, firstAxis }: AxisContext,
  kernel: readonly number[],
  padding: readonly number[],
): void {
  kernel.forEach((size, i) => {
    if (2 * at(padding, i) > size) {
      throw new ShapeError(
        `${operation}: padding [${padding}] exceeds half of kernelSize [${kernel}] on axis ${firstAxis + i}`,
      );
    }
  });
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no axis ${index} in [${values}]`);
  return value;
}
