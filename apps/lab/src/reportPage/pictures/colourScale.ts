/**
 * @file Colours for numbers from 0 to 1 that grow lighter evenly, and for everyone: viridis (van der Walt and Smith, 2015).
 */
import { scale } from '@observablehq/plot';

/** Few enough for the palette of a picture, and more than an eye tells apart. */
const STEPS = 128;

let table: Uint8Array | undefined;

/** The place of a value's colour in `viridisTable`. */
export function viridisIndex(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * (STEPS - 1)) * 3;
}

/** `[steps, 3]`: red, green and blue, 0 to 255. */
export function viridisTable(): Uint8Array {
  table ??= Uint8Array.from({ length: STEPS * 3 }, (_, i) => channels(Math.floor(i / 3) / (STEPS - 1))[i % 3] ?? 0);
  return table;
}

function channels(value: number): number[] {
  const colour = scale({ color: { scheme: 'viridis', domain: [0, 1] } }).apply(value);
  return String(colour).startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(String(colour).slice(at, at + 2), 16))
    : (String(colour).match(/\d+/g) ?? []).map(Number);
}
