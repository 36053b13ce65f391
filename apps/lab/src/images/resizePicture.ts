/**
 * @file A picture in the size that a network expects.
 */
import type { Picture } from './picture.js';

/** The part of one axis that is kept, and how many cells it becomes. */
interface Axis {
  readonly start: number;
  readonly length: number;
  readonly cells: number;
}

/**
 * The middle of the first frame, as large as fits with the proportions of `height` × `width`, each cell the mean of the area
 * that it covers.
 *
 * @returns `[channels, height, width]`, values as in the picture
 */
export function resizePicture(picture: Picture, height: number, width: number): Float32Array {
  const [frame = new Float32Array()] = picture.frames;
  const scale = Math.min(picture.height / height, picture.width / width);
  const axis = (size: number, cells: number): Axis => {
    const length = cells * scale;
    return { start: (size - length) / 2, length, cells };
  };
  const [rows, columns] = [axis(picture.height, height), axis(picture.width, width)];
  const result = new Float32Array(picture.channels * height * width);
  for (let channel = 0; channel < picture.channels; channel++) {
    const from = frame.subarray(channel * picture.height * picture.width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const place = (channel * height + y) * width + x;
        result[place] = meanOf(from, picture.width, covered(rows, y), covered(columns, x));
      }
    }
  }
  return result;
}

/** Cells of the picture, each with the share of it that one cell of the result covers. */
function covered({ start, length, cells }: Axis, cell: number): [index: number, share: number][] {
  const [low, high] = [start + (cell * length) / cells, start + ((cell + 1) * length) / cells];
  const first = Math.floor(low);
  const count = Math.max(1, Math.ceil(high - 1e-9) - first);
  return Array.from({ length: count }, (_, i) => {
    const index = first + i;
    return [index, Math.min(high, index + 1) - Math.max(low, index)];
  });
}

function meanOf(
  plane: Float32Array,
  width: number,
  rows: readonly [number, number][],
  columns: readonly [number, number][],
): number {
  let total = 0;
  let area = 0;
  for (const [y, high] of rows) {
    for (const [x, wide] of columns) {
      total += high * wide * (plane[y * width + x] ?? 0);
      area += high * wide;
    }
  }
  return total / area;
}
