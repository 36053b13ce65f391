/**
 * @file Filters and activation maps as pictures, side by side on one sheet.
 */
import type { Picture } from '../pictures/picture.js';
import type { Inside } from './protocol.js';

const FILTER_SIDE = 3;
/** Empty cells between two tiles. */
const GAP = 1;

/** The filters as colours; grey is 0, and the largest weight of all is full. */
export function filterSheet({ filters, count }: Inside): Picture {
  const scale = Math.max(1e-6, ...filters.map(Math.abs));
  const cell = (tile: number, channel: number, row: number, column: number): number =>
    0.5 + filters[((tile * 3 + channel) * FILTER_SIDE + row) * FILTER_SIDE + column]! / (2 * scale);
  return sheet(count, FILTER_SIDE, cell);
}

/** The maps as brightness, each from 0 to its own maximum. */
export function mapSheet({ maps, count, side }: Inside): Picture {
  const tops = Array.from({ length: count }, (_, tile) =>
    Math.max(1e-6, ...maps.subarray(tile * side * side, (tile + 1) * side * side)),
  );
  const cell = (tile: number, _channel: number, row: number, column: number): number =>
    Math.max(0, maps[(tile * side + row) * side + column]! / tops[tile]!);
  return sheet(count, side, cell);
}

function sheet(
  count: number,
  side: number,
  cell: (tile: number, channel: number, row: number, column: number) => number,
): Picture {
  const width = count * (side + GAP) - GAP;
  const planes = new Float32Array(3 * width * side).fill(0.5);
  for (let channel = 0; channel < 3; channel++) {
    for (let row = 0; row < side; row++) {
      for (let tile = 0; tile < count; tile++) {
        for (let column = 0; column < side; column++) {
          planes[(channel * side + row) * width + tile * (side + GAP) + column] = cell(tile, channel, row, column);
        }
      }
    }
  }
  return { width, height: side, planes };
}
