/**
 * @file The filters of a first convolution, each as what it looks for.
 */
import { waveChart } from '../charts/waveChart.js';
import type { FilterBank } from '../evidence/firstFilters.js';
import { enlarged, lightTile, montage, type Tile } from '../pictures/tiles.js';
import { type Drawing, evenly, pixels, rangeOf } from './drawing.js';

export const MOST_FILTERS = 16;
const COLUMNS = 8;
/** Of one weight, in pixels. */
const BLOCK = 8;
/** Of a longer filter, these frames. */
const MOST_FRAMES = 5;

/**
 * Grey is 0, light is positive, dark is negative; each filter by its own largest weight, since only its shape can be seen. Filters
 * over three channels are in colours; of another number of channels the first is shown.
 */
export async function drawFilters({ filters }: FilterBank, label: string): Promise<Drawing[]> {
  const [count = 0, inputs = 1, ...kernel] = filters.shape;
  const shown = Array.from({ length: Math.min(count, MOST_FILTERS) }, (_, i) => i);
  const size = inputs * kernel.reduce((product, length) => product * length, 1);
  const weights = shown.map((filter) => filters.values.subarray(filter * size, (filter + 1) * size));
  if (kernel.length === 1) {
    return weights.map((values, i) => {
      const reach = largest(values);
      const wave = { values: values.subarray(0, kernel[0]), stroke: 'var(--ink)', strokeWidth: 1.5 };
      const options = { width: 80, height: 44, domain: [-reach, reach] } as const;
      return { kind: 'lines', svg: waveChart(`${label}, filter ${i + 1}`, [wave], options) };
    });
  }
  const tiles = weights.map((values) => filterTile(values, inputs, kernel));
  return [await pixels(montage(tiles, kernel.length === 2 ? COLUMNS : COLUMNS / 2, BLOCK))];
}

function filterTile(values: Float32Array, inputs: number, kernel: readonly number[]): Tile {
  const [height = 1, width = 1] = kernel.slice(-2);
  const depth = kernel.length === 3 ? (kernel[0] ?? 1) : 1;
  const reach = largest(values);
  const frames = evenly(depth, MOST_FRAMES).map((frame) => {
    const planes = Array.from({ length: inputs === 3 ? 3 : 1 }, (_, channel) => {
      const from = (channel * depth + frame) * height * width;
      return Array.from(values.subarray(from, from + height * width));
    });
    const tile = lightTile(planes.flat(), { width, height }, [-reach, reach]);
    return enlarged(tile, width * BLOCK, height * BLOCK);
  });
  return montage(frames, frames.length, 1);
}

function largest(values: ArrayLike<number>): number {
  const [low, high] = rangeOf(values);
  return Math.max(Math.abs(low), Math.abs(high)) || 1;
}
