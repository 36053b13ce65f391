import type { Shape } from '../../src/index.js';
import type { PoolingWindow } from '../../src/testing/arbitraries/index.js';

/** The windows of a pooling, written out: an oracle that shares no code with the library. */
export interface Windows {
  /** The output's shape. */
  readonly shape: Shape;
  /** For each output cell, the flat indices of the input cells in its window; padding is left out. */
  readonly cells: readonly (readonly number[])[];
  /** The same with −1 for padding, so that a cell's place in its window is seen. */
  readonly taps: readonly (readonly number[])[];
}

/** Counts through all indices of a shape, the last axis fastest. */
export function indices(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

function outputSize(size: number, k: number, stride: number, pad: number, dilation: number, ceilMode: boolean): number {
  const starts: number[] = [];
  const span = dilation * (k - 1) + 1;
  for (let start = -pad; ; start += stride) {
    const fits = start + span <= size + pad;
    // In ceil mode a window may hang over the end, unless it would begin in the padding behind.
    const hangsOver = ceilMode && start < size && (starts.length === 0 || start - stride + span < size + pad);
    if (!fits && !hangsOver) return starts.length;
    starts.push(start);
  }
}

/** Which cells each window holds. */
export function windowCells(window: PoolingWindow): Windows {
  const { shape, kernelSize, stride, padding, dilation, ceilMode } = window;
  const output = shape
    .slice(-kernelSize.length)
    .map((size, a) => outputSize(size, kernelSize[a]!, stride[a]!, padding[a]!, dilation[a]!, ceilMode));
  return windowsAt(window, output);
}

/** The first `output` windows of each axis. */
function windowsAt({ shape, kernelSize, stride, padding, dilation }: PoolingWindow, output: Shape): Windows {
  const rank = kernelSize.length;
  const leading = shape.slice(0, -rank);
  const spatial = shape.slice(-rank);
  const planeSize = spatial.reduce((product, size) => product * size, 1);
  const flat = (position: readonly number[]): number => position.reduce((sum, p, a) => sum * spatial[a]! + p, 0);
  const isInside = (cell: readonly number[]): boolean => cell.every((p, a) => p >= 0 && p < spatial[a]!);
  const taps = indices(leading).flatMap((_, plane) =>
    indices(output).map((position) =>
      indices(kernelSize)
        .map((k) => position.map((p, a) => p * stride[a]! - padding[a]! + k[a]! * dilation[a]!))
        .map((cell) => (isInside(cell) ? plane * planeSize + flat(cell) : -1)),
    ),
  );
  return { shape: [...leading, ...output], taps, cells: taps.map((window) => window.filter((cell) => cell >= 0)) };
}

/** The windows of stride 1 that stand behind those of `window`: at every position, in ceil mode up to the last window's. */
export function denseWindows(window: PoolingWindow): Windows {
  const { shape, kernelSize, stride, padding, dilation } = window;
  const rank = kernelSize.length;
  const output = windowCells(window).shape.slice(-rank);
  const positions = shape.slice(-rank).map((size, a) => {
    const whole = size + 2 * padding[a]! - dilation[a]! * (kernelSize[a]! - 1);
    return Math.max(whole, (output[a]! - 1) * stride[a]! + 1);
  });
  return windowsAt({ ...window, stride: stride.map(() => 1) }, positions);
}
