/**
 * @file Convolution over the windows of a pooling: its geometry is a pooling's, ceil mode included.
 */
import type { Tensor } from '../tensor/tensor.js';
import { conv1d, conv2d, conv3d } from './conv.js';
import { pad } from './movement.js';
import type { PoolWindow } from './poolWindow.js';

/**
 * One output per window: Σ over channels c and cells k of x[c, k] · weight[o, c, k] (+ bias[o]).
 *
 * @param x `[N, C, ...spatial]` or `[C, ...spatial]`
 * @param weight `[out, C, ...kernel]`
 */
export function windowConv(x: Tensor, weight: Tensor, window: PoolWindow, bias?: Tensor): Tensor {
  const { rank, geometry } = window;
  const axes = <T>(values: readonly T[]): T[] => values.slice(3 - rank);
  const conv = rank === 1 ? conv1d : rank === 2 ? conv2d : conv3d;
  const missing = axes([0, 1, 2] as const).map((axis) => cellsMissing(window, axis));
  const padded = missing.some((cells) => cells > 0)
    ? pad(
        x,
        missing.map((cells) => [0, cells] as const),
      )
    : x;
  const [stride, padding, dilation] = [axes(geometry.stride), axes(geometry.padding), axes(geometry.dilation)];
  return conv(padded, weight, { stride, padding, dilation, bias });
}

/** How many cells the last window of an axis reaches beyond the padding, in ceil mode. */
function cellsMissing({ geometry }: PoolWindow, axis: 0 | 1 | 2): number {
  const { input, output, kernel, stride, padding, dilation } = geometry;
  const end = (output[axis] - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1;
  return Math.max(0, end - input[axis] - 2 * padding[axis]);
}
