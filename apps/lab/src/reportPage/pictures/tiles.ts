/**
 * @file Small pictures in rows and columns, as one picture with transparent gaps.
 */
import { viridisIndex, viridisTable } from './colourScale.js';

/** Red, green, blue and opacity of each pixel, 0 to 255. */
export interface Tile {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/**
 * Grey of one plane, or colours of three, from `low` (black) to `high` (white).
 *
 * @param values `[1 or 3, height, width]`
 */
export function lightTile(
  values: ArrayLike<number>,
  { width, height }: Pick<Tile, 'width' | 'height'>,
  [low, high]: readonly [number, number],
): Tile {
  const size = width * height;
  const planes = values.length >= 3 * size ? 3 : 1;
  const rgba = new Uint8Array(4 * size);
  for (let i = 0; i < size; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = values[(channel % planes) * size + i] ?? 0;
      rgba[4 * i + channel] = Math.round(255 * Math.min(1, Math.max(0, (value - low) / (high - low || 1))));
    }
    rgba[4 * i + 3] = 255;
  }
  return { width, height, rgba };
}

/** Colours of one plane, from `low` (dark blue) to `high` (yellow). */
export function heatTile(
  values: ArrayLike<number>,
  { width, height }: Pick<Tile, 'width' | 'height'>,
  [low, high]: readonly [number, number],
): Tile {
  const colours = viridisTable();
  const rgba = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const at = viridisIndex(((values[i] ?? 0) - low) / (high - low || 1));
    rgba.set(colours.subarray(at, at + 3), 4 * i);
    rgba[4 * i + 3] = 255;
  }
  return { width, height, rgba };
}

/** The tile with each pixel a block, as near to `width` × `height` as whole numbers of the larger side allow. */
export function enlarged(tile: Tile, width: number, height: number): Tile {
  if (tile.width === width && tile.height === height) return tile;
  const rgba = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * tile.height) / height) * tile.width;
    for (let x = 0; x < width; x++) {
      const from = 4 * (row + Math.floor((x * tile.width) / width));
      rgba.set(tile.rgba.subarray(from, from + 4), 4 * (y * width + x));
    }
  }
  return { width, height, rgba };
}

/** Tiles of one size, row by row. */
export function montage(tiles: readonly Tile[], columns: number, gap: number): Tile {
  const [first] = tiles;
  if (!first) return { width: 1, height: 1, rgba: new Uint8Array(4) };
  const rows = Math.ceil(tiles.length / columns);
  const [stepX, stepY] = [first.width + gap, first.height + gap];
  const [width, height] = [Math.min(columns, tiles.length) * stepX - gap, rows * stepY - gap];
  const rgba = new Uint8Array(4 * width * height);
  tiles.forEach((tile, i) => {
    const [left, top] = [(i % columns) * stepX, Math.floor(i / columns) * stepY];
    for (let y = 0; y < tile.height; y++) {
      const line = tile.rgba.subarray(4 * y * tile.width, 4 * (y + 1) * tile.width);
      rgba.set(line, 4 * ((top + y) * width + left));
    }
  });
  return { width, height, rgba };
}
