/**
 * @file A finished drawing: of pixels or of lines.
 */
import { pngAddress } from '../pictures/pngAddress.js';
import type { Tile } from '../pictures/tiles.js';

export type Drawing =
  | { readonly kind: 'pixels'; readonly address: string; readonly width: number; readonly height: number }
  | { readonly kind: 'lines'; readonly svg: string };

export async function pixels(tile: Tile): Promise<Drawing> {
  return { kind: 'pixels', address: await pngAddress(tile), width: tile.width, height: tile.height };
}

/** The least and the greatest of all values. */
export function rangeOf(...lists: readonly ArrayLike<number>[]): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i] ?? 0;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return [low, high];
}

/** `count` whole numbers from 0, evenly spread below `length`. */
export function evenly(length: number, count: number): number[] {
  const shown = Math.min(length, count);
  return Array.from({ length: shown }, (_, i) => Math.floor((i * length) / shown));
}
