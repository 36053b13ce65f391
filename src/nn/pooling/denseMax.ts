/**
 * @file Max pooling at every position: the first half of the poolings that thin out its result in a way of their own.
 *
 * Output i of a pooling with stride s stands for positions i·s, …, i·s + s − 1 of the dense map, as many of them as there are.
 */
import { windowMax } from '../../ops/maxPool.js';
import { checkNoEmptyWindow, type PoolWindow } from '../../ops/poolWindow.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The maximum at every position, and the windows of positions that outputs stand for. */
export interface DenseMax {
  readonly map: Tensor;
  readonly strips: PoolWindow;
}

/**
 * The dense map of a window; in ceil mode it goes on to the last output's first position.
 *
 * @throws ShapeError if, with dilation, a position sees padding alone
 */
export function denseMax(operation: string, x: Tensor, window: PoolWindow): DenseMax {
  const { rank, geometry, y } = window;
  const positions = [0, 1, 2].map((axis) => positionsOnAxis(window, axis)) as [number, number, number];
  const dense = { ...geometry, stride: [1, 1, 1], output: positions } as const;
  checkNoEmptyWindow(operation, dense);
  const shape = [...y.slice(0, -rank), ...positions.slice(3 - rank)];
  const map = windowMax(x, { rank, geometry: dense, x: x.shape, y: shape });
  const { stride } = geometry;
  const strip = { ...geometry, input: positions, kernel: stride, padding: [0, 0, 0], dilation: [1, 1, 1] } as const;
  return { map, strips: { rank, geometry: strip, x: shape, y } };
}

function positionsOnAxis({ geometry }: PoolWindow, axis: number): number {
  const [input, output, kernel] = [geometry.input[axis] ?? 1, geometry.output[axis] ?? 1, geometry.kernel[axis] ?? 1];
  const [stride, padding] = [geometry.stride[axis] ?? 1, geometry.padding[axis] ?? 0];
  const whole = input + 2 * padding - (geometry.dilation[axis] ?? 1) * (kernel - 1);
  return Math.max(whole, (output - 1) * stride + 1);
}
