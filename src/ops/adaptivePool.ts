/**
 * @file Adaptive pooling: the output size is given, the windows follow (PyTorch's rule).
 *
 *   window i of an axis: cells ⌊i·in/out⌋ up to but without ⌈(i+1)·in/out⌉
 */
import { ShapeError } from '../errors.js';
import { type PerAxis, perAxis } from '../kernels/windowGeometry.js';
import { sizeAt } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { avgPool1d, avgPool2d, avgPool3d } from './avgPool.js';
import { maxPool1d, maxPool2d, maxPool3d } from './maxPool.js';
import { concat, slice } from './movement.js';
import { type SoftPoolOptions, softPool1d, softPool2d, softPool3d } from './softPool.js';

type Pool = (x: Tensor, window: { kernelSize: readonly number[] }) => Tensor;

/**
 * Average pooling to a given size; the size 1 averages each channel.
 *
 * @param x `[N, C, ...spatial]` with one to three spatial axes
 * @param outputSize a number for all axes, or one per axis
 * @throws ShapeError if the output is larger than the input
 */
export function adaptiveAvgPool(x: Tensor, outputSize: PerAxis): Tensor {
  return adaptive('adaptiveAvgPool', x, outputSize, [avgPool1d, avgPool2d, avgPool3d]);
}

/** Max pooling to a given size; see `adaptiveAvgPool`. */
export function adaptiveMaxPool(x: Tensor, outputSize: PerAxis): Tensor {
  return adaptive('adaptiveMaxPool', x, outputSize, [maxPool1d, maxPool2d, maxPool3d]);
}

/** SoftPool to a given size; see `adaptiveAvgPool`. */
export function adaptiveSoftPool(
  x: Tensor,
  outputSize: PerAxis,
  options: Pick<SoftPoolOptions, 'beta' | 'gradient'> = {},
): Tensor {
  const pools = [softPool1d, softPool2d, softPool3d].map(
    (pool): Pool =>
      (input, window) =>
        pool(input, { ...window, ...options }),
  );
  return adaptive('adaptiveSoftPool', x, outputSize, pools);
}

function adaptive(operation: string, x: Tensor, outputSize: PerAxis, pools: readonly Pool[]): Tensor {
  const rank = x.rank - 2;
  const pool = pools[rank - 1];
  if (!pool) {
    throw new ShapeError(
      `${operation}: input must be [N, C, ...spatial] with one to three spatial axes, got [${x.shape}]`,
    );
  }
  const output = perAxis(operation, 'outputSize', outputSize, rank, 1);
  const spatial = x.shape.slice(2);
  const divides = output.every((size, i) => sizeAt(spatial, i) % size === 0 && sizeAt(spatial, i) > 0);
  if (divides) return pool(x, { kernelSize: output.map((size, i) => sizeAt(spatial, i) / size) });
  if (output.some((size, i) => size > sizeAt(spatial, i))) {
    throw new ShapeError(`${operation}: outputSize [${output}] exceeds the input [${spatial}]`);
  }
  return pooledBlock(x, pool, output, []);
}

/** Cuts the axes behind `chosen` into their windows one after the other, pools each block whole, and joins the results. */
function pooledBlock(x: Tensor, pool: Pool, output: readonly number[], chosen: readonly number[]): Tensor {
  const axis = chosen.length;
  const windows = output[axis];
  if (windows === undefined) return pool(x, { kernelSize: x.shape.slice(2) });
  const size = sizeAt(x.shape, axis + 2);
  const before = new Array<number>(axis + 2).fill(0);
  const parts = Array.from({ length: windows }, (_, i) => {
    const start = Math.floor((i * size) / windows);
    const end = Math.ceil(((i + 1) * size) / windows);
    const part = slice(x, [...before, start], [...x.shape.slice(0, axis + 2), end]);
    return pooledBlock(part, pool, output, [...chosen, i]);
  });
  return concat(parts, axis + 2);
}
