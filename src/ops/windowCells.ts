/**
 * @file The cells of a pooling's windows, each window with cells of its own, for poolings that compare a cell with its window:
 * with its mean, its maximum.
 *
 * Where windows tile the input, as they do in most networks, these are the input's own cells. Elsewhere they are copies, window
 * after window. Either way sums over windows and their adjoint are the kernels of average pooling, and everything between them
 * is elementwise.
 */
import { type WindowGeometry, windowSize } from '../kernels/windowGeometry.js';
import { ones } from '../tensor/create.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { div, mul } from './arithmetic.js';
import { slice } from './movement.js';
import { type PoolWindow, poolWindow } from './poolWindow.js';
import { reshape } from './reshape.js';
import { cellCounts, windowSpread, windowSum } from './sumPool.js';
import { unfoldWindow } from './unfold.js';

export class WindowCells {
  /** Every cell is in one window. Copies of padded cells read 0. */
  readonly values: Tensor;
  /** The windows over `values`; they don't overlap and leave no cell out. */
  readonly #tiles: PoolWindow;
  readonly #y: Shape;
  /** 1 where a copy is that of a cell, 0 where it is that of padding; absent without padded copies. */
  readonly #inside: Tensor | undefined;

  constructor(x: Tensor, window: PoolWindow) {
    this.#y = window.y;
    if (isTiling(window.geometry)) {
      const { values, tiles } = ownCells(x, window);
      this.values = values;
      this.#tiles = tiles;
      return;
    }
    this.values = copies(x, window);
    this.#tiles = poolWindow('WindowCells', this.values, 1, { kernelSize: windowSize(window.geometry) });
    const padded = cellCounts(x, window) !== windowSize(window.geometry);
    this.#inside = padded ? insideOf(x, window) : undefined;
  }

  /** Σ over each window, of one value per cell. */
  sum(cells: Tensor): Tensor {
    const counted = this.#inside ? mul(cells, this.#inside) : cells;
    return reshape(windowSum(counted, this.#tiles), this.#y);
  }

  /** Σ wᵢxᵢ / Σ wᵢ over each window, of one positive weight per cell, and of other values than the cells' own if given. */
  weightedMean(weights: Tensor, values = this.values): Tensor {
    return div(this.sum(mul(weights, values)), this.sum(weights));
  }

  /** One value per window, given to each of its cells. */
  spread(perWindow: Tensor): Tensor {
    return windowSpread(reshape(perWindow, this.#tiles.y), this.#tiles);
  }

  /** One value per channel, `[C]`, ready to broadcast against `values`. */
  perChannel(values: Tensor): Tensor {
    return reshape(values, [-1, ...new Array<number>(this.#tiles.rank).fill(1)]);
  }
}

/** Whether the windows of every axis follow each other without gaps or overlaps. */
function isTiling({ output, kernel, stride, dilation }: WindowGeometry): boolean {
  return ([0, 1, 2] as const).every(
    (axis) => (dilation[axis] === 1 || kernel[axis] === 1) && (stride[axis] === kernel[axis] || output[axis] === 1),
  );
}

/** The cells of x without those behind the last window. */
function ownCells(x: Tensor, window: PoolWindow): { values: Tensor; tiles: PoolWindow } {
  const { rank, geometry } = window;
  const { input, output, kernel, stride, padding } = geometry;
  const end = (axis: 0 | 1 | 2): number =>
    Math.min(input[axis], (output[axis] - 1) * stride[axis] - padding[axis] + kernel[axis]);
  const covered = [end(0), end(1), end(2)] as const;
  const leading = x.shape.slice(0, -rank);
  const shape = [...leading, ...covered.slice(3 - rank)];
  const values = slice(x, [], shape);
  return { values, tiles: { ...window, x: shape, geometry: { ...geometry, input: covered } } };
}

/** The cells of each window one after the other: `[N, C, windows · K]` or `[C, windows · K]`. */
function copies(x: Tensor, window: PoolWindow): Tensor {
  const { rank, geometry, y } = window;
  const windows = y.slice(-rank).reduce((product, size) => product * size, 1);
  return reshape(unfoldWindow(x, window), [...y.slice(0, -rank), windows * windowSize(geometry)]);
}

function insideOf(x: Tensor, { rank, geometry, y }: PoolWindow): Tensor {
  const [shape, output] = [x.shape.slice(-rank), y.slice(-rank)];
  const plane: PoolWindow = { rank, geometry: { ...geometry, planes: 1 }, x: shape, y: output };
  return reshape(unfoldWindow(ones(shape, { dtype: x.dtype, backend: x.backend }), plane), [-1]);
}
