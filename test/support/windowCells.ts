import type { Shape } from '../../src/index.js';
import type { PoolingWindow } from '../../src/testing/arbitraries/index.js';

/** The windows of a pooling, written out: an oracle that shares no code with the library. */
export interface Windows {
  /** The output's shape. */
  readonly shape: Shape;
  /** For each output cell, the flat indices of the input cells in its window; padding is left out. */
  readonly cells: readonly (readonly number[])[];
}

/** Counts through all indices of a shape, the last axis fastest. */
function indices(shape: Shape): number[][] {
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
export function windowCells({ shape, kernelSize, stride, padding, dilation, ceilMode }: PoolingWindow): Windows {
  const rank = kernelSize.length;
  const leading = shape.slice(0, -rank);
  const spatial = shape.slice(-rank);
  const output = spatial.map((size, a) =>
    outputSize(size, kernelSize[a]!, stride[a]!, padding[a]!, dilation[a]!, ceilMode),
  );
  const planeSize = spatial.reduce((product, size) => product * size, 1);
  const flat = (position: readonly number[]): number => position.reduce((sum, p, a) => sum * spatial[a]! + p, 0);
  const cells = indices(leading).flatMap((_, plane) =>
    indices(output).map((position) =>
      indices(kernelSize)
        .map((k) => position.map((p, a) => p * stride[a]! - padding[a]! + k[a]! * dilation[a]!))
        .filter((cell) => cell.every((p, a) => p >= 0 && p < spatial[a]!))
        .map((cell) => plane * planeSize + flat(cell)),
    ),
  );
  return { shape: [...leading, ...output], cells };
}
