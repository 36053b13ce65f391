/**
 * @file What happens to pooled outputs when the picture moves by single pixels.
 */
import { tensor } from 'softgrad';
import { activation, luminance, type Picture } from '../pictures/picture.js';
import { type PoolSettings, poolTensor } from './strategies.js';

/** Height and width of the part that is looked at, and the farthest shift. */
export const VIEW_SIDE = 64;
export const MOST_SHIFT = 16;

/** Activations `[64, 64]` of the part of a picture that is in view after it moved `shift` pixels to the left. */
export function shiftedView(picture: Picture, shift: number): Float64Array {
  const light = luminance(picture);
  const { width, height } = picture;
  const top = Math.max(0, Math.floor((height - VIEW_SIDE) * 0.72));
  const left = Math.max(0, Math.floor((width - VIEW_SIDE - MOST_SHIFT) / 2)) + shift;
  return Float64Array.from({ length: VIEW_SIDE ** 2 }, (_, i) => {
    // A picture smaller than the view goes on with its last row and column.
    const row = Math.min(height - 1, top + Math.floor(i / VIEW_SIDE));
    const column = Math.min(width - 1, left + (i % VIEW_SIDE));
    return activation(light[row * width + column]!);
  });
}

export interface Pooled {
  readonly side: number;
  /** `[side, side]` */
  readonly values: readonly number[];
}

/** The outputs for every shift from 0 to 16, in float64. */
export function pooledShifts(picture: Picture, name: string, settings: PoolSettings): Pooled[] {
  return Array.from({ length: MOST_SHIFT + 1 }, (_, shift) => {
    const x = tensor(shiftedView(picture, shift), {
      shape: [1, VIEW_SIDE, VIEW_SIDE],
      dtype: 'float64',
      backend: 'reference',
    });
    const y = poolTensor(name, x, settings);
    const pooled = { side: y.shape[1]!, values: [...y.dataSync()] };
    x.dispose();
    y.dispose();
    return pooled;
  });
}

/** One output cell over all shifts. */
export function trace(shifts: readonly Pooled[], cell: number): number[] {
  return shifts.map(({ values }) => values[cell]!);
}

/** The largest change from one shift to the next. */
export function largestJump(values: readonly number[]): number {
  return Math.max(...values.slice(1).map((value, i) => Math.abs(value - values[i]!)));
}

/** The largest jumps of all cells, on average. */
export function meanLargestJump(shifts: readonly Pooled[]): number {
  const cells = shifts[0]!.values.length;
  let sum = 0;
  for (let cell = 0; cell < cells; cell++) sum += largestJump(trace(shifts, cell));
  return sum / cells;
}
