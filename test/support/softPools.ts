/**
 * @file SoftPool from its definition, and the bugs of the published implementation: what the property tests must tell apart.
 */
import type { Shape } from '../../src/index.js';
import type { PoolingWindow } from '../../src/testing/arbitraries/index.js';
import { windowCells } from './windowCells.js';

/** Pools x; the result is flat. */
export type SoftPool = (x: Float64Array, window: PoolingWindow, beta: number) => { y: number[]; shape: Shape };

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** y = Σ wᵢxᵢ with w = softmax(βx) over each window. */
export const definition: SoftPool = (x, window, beta) => {
  const { shape, cells } = windowCells(window);
  const y = cells.map((cell) => {
    const values = cell.map((i) => x[i]!);
    const top = Math.max(...values.map((v) => beta * v));
    const exponentials = values.map((v) => Math.exp(beta * v - top));
    return sum(values.map((v, i) => v * exponentials[i]!)) / sum(exponentials);
  });
  return { y, shape };
};

/** The exact gradient of Σ gⱼyⱼ, or with the weights held constant. */
export function definitionGradient(
  x: Float64Array,
  window: PoolingWindow,
  beta: number,
  g: ArrayLike<number>,
  gradient: 'exact' | 'detached',
): Float64Array {
  const { cells } = windowCells(window);
  const { y } = definition(x, window, beta);
  const result = new Float64Array(x.length);
  cells.forEach((cell, j) => {
    const top = Math.max(...cell.map((i) => beta * x[i]!));
    const total = sum(cell.map((i) => Math.exp(beta * x[i]! - top)));
    for (const i of cell) {
      const w = Math.exp(beta * x[i]! - top) / total;
      result[i] = result[i]! + g[j]! * w * (gradient === 'exact' ? 1 + beta * (x[i]! - y[j]!) : 1);
    }
  });
  return result;
}

const channelsOf = ({ shape, kernelSize }: PoolingWindow): number => shape[shape.length - kernelSize.length - 1]!;

/** The published implementation's bugs, one by one. */
export const mutants: Readonly<Record<string, SoftPool>> = {
  'sums the exponentials over channels': (x, window, beta) => {
    const { shape, cells } = windowCells(window);
    const planeSize = x.length / window.shape.slice(0, -window.kernelSize.length).reduce((a, b) => a * b, 1);
    const channels = channelsOf(window);
    const weight = (i: number): number => {
      const [plane, cell] = [Math.floor(i / planeSize), i % planeSize];
      const first = plane - (plane % channels);
      return sum(Array.from({ length: channels }, (_, c) => Math.exp(beta * x[(first + c) * planeSize + cell]!)));
    };
    const y = cells.map((cell) => sum(cell.map((i) => x[i]! * weight(i))) / sum(cell.map(weight)));
    return { y, shape };
  },
  'clamps the output at 0': (x, window, beta) => {
    const { y, shape } = definition(x, window, beta);
    return { y: y.map((value) => Math.max(value, 0)), shape };
  },
  'subtracts no maximum and rewrites NaN to 0': (x, window, beta) => {
    const { shape, cells } = windowCells(window);
    const exp = (i: number): number => Math.fround(Math.exp(Math.fround(beta * x[i]!)));
    const y = cells.map((cell) => {
      const total = Math.fround(sum(cell.map(exp)));
      const value = sum(cell.map((i) => (x[i]! * exp(i)) / total));
      return Number.isFinite(value) ? value : 0;
    });
    return { y, shape };
  },
  'mixes up the first axis of a 3D window': (x, window, beta) => {
    const { kernelSize, stride } = window;
    if (kernelSize.length < 3) return definition(x, window, beta);
    const { shape, cells } = windowCells(window);
    // Depth is walked with the stride of rows.
    const wrong = windowCells({ ...window, stride: [stride[1]!, stride[1]!, stride[2]!] });
    const y = cells.map((cell, j) => {
      const used = wrong.cells[j] ?? cell;
      const exponentials = used.map((i) => Math.exp(beta * x[i]! - beta * Math.max(...used.map((k) => x[k]!))));
      return sum(used.map((i, k) => x[i]! * exponentials[k]!)) / sum(exponentials);
    });
    return { y, shape };
  },
  'sizes overlapping windows as if they did not overlap': (x, window, beta) => {
    const { y, shape } = definition(x, window, beta);
    const rank = window.kernelSize.length;
    const spatial = window.shape.slice(-rank).map((size, a) => Math.floor(size / window.stride[a]!));
    return { y, shape: [...shape.slice(0, -rank), ...spatial] };
  },
  'counts padding as zeros': (x, window, beta) => {
    const { shape, cells } = windowCells(window);
    const size = window.kernelSize.reduce((a, b) => a * b, 1);
    const y = cells.map((cell) => {
      const values = [...cell.map((i) => x[i]!), ...new Array<number>(size - cell.length).fill(0)];
      const top = Math.max(...values.map((v) => beta * v));
      const exponentials = values.map((v) => Math.exp(beta * v - top));
      return sum(values.map((v, i) => v * exponentials[i]!)) / sum(exponentials);
    });
    return { y, shape };
  },
};
