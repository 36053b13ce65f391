/**
 * @file Resampling on a grid: reductions by Lanczos's filter, to compare poolings with, and enlargements by bicubic
 * interpolation, to compare reductions with their original. Both are separable, and repeat the values at the edges.
 *
 *   y(c) = Σᵢ xᵢ f((i − c) / s) / Σᵢ f((i − c) / s)        s = the step of a reduction, 1 for an enlargement
 */
import type { Picture } from '../images/picture.js';
import type { ClipGrid, Grid } from './grid.js';

export interface Filter {
  /** f is 0 beyond. */
  readonly radius: number;
  readonly weight: (x: number) => number;
}

/** sinc(x) · sinc(x / 3) for |x| < 3 (Duchon, "Lanczos filtering in one and two dimensions", 1979). */
export const lanczos3: Filter = { radius: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) };

/** Cubic convolution with a = −1/2 (Keys, "Cubic convolution interpolation for digital image processing", 1981). */
export const bicubic: Filter = {
  radius: 2,
  weight: (x) => {
    const d = Math.abs(x);
    if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
    return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
  },
};

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The picture on the grid, reduced by Lanczos's filter on every axis that has a step. */
export function lanczosReduction(picture: Picture, grid: ClipGrid): Picture {
  const onto = (axis: Grid): Taps => taps(axis.input, centres(axis), Math.max(1, axis.step), lanczos3);
  return resampled(picture, { time: onto(grid.time), height: onto(grid.height), width: onto(grid.width) });
}

/** A reduction on the cells of the original that it stands for, by bicubic interpolation. */
export function enlargement(reduction: Picture, grid: ClipGrid): Picture {
  const onto = (axis: Grid): Taps => {
    const places = Float64Array.from({ length: axis.length }, (_, i) => (axis.start + i - axis.offset) / axis.step);
    return taps(axis.output, places, 1, bicubic);
  };
  return resampled(reduction, { time: onto(grid.time), height: onto(grid.height), width: onto(grid.width) });
}

function centres({ output, offset, step }: Grid): Float64Array {
  return Float64Array.from({ length: output }, (_, j) => offset + j * step);
}

/** For every output cell the input cells that it is made of, and their weights. */
interface Taps {
  readonly input: number;
  readonly output: number;
  /** Taps per output cell. */
  readonly count: number;
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

function taps(input: number, places: Float64Array, scale: number, filter: Filter): Taps {
  const reach = filter.radius * scale;
  const count = Math.floor(2 * reach) + 1;
  const index = new Int32Array(places.length * count);
  const weight = new Float64Array(places.length * count);
  places.forEach((place, j) => {
    const first = Math.ceil(place - reach);
    let sum = 0;
    for (let t = 0; t < count; t++) {
      const w = filter.weight((first + t - place) / scale);
      index[j * count + t] = Math.min(input - 1, Math.max(0, first + t));
      weight[j * count + t] = w;
      sum += w;
    }
    for (let t = 0; t < count; t++) weight[j * count + t]! /= sum;
  });
  return { input, output: places.length, count, index, weight };
}

function resampled(picture: Picture, axes: { time: Taps; height: Taps; width: Taps }): Picture {
  const { channels, frames } = picture;
  const { time, height, width } = axes;
  const spatial = frames.map((frame) => {
    const tall = along(frame, channels, height, width.input);
    return along(tall, channels * height.output, width, 1);
  });
  return {
    ...{ channels, width: width.output, height: height.output, loop: picture.loop },
    frames: overTime(spatial, time),
    delays: Array.from({ length: time.output }, () => 0),
  };
}

/** Resamples the middle axis of `[outer, taps.input, inner]`. */
function along(
  values: Float32Array,
  outer: number,
  { input, output, count, index, weight }: Taps,
  inner: number,
): Float32Array {
  const result = new Float32Array(outer * output * inner);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < output; j++) {
      const to = (o * output + j) * inner;
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let t = j * count; t < (j + 1) * count; t++) {
          sum += weight[t]! * values[(o * input + index[t]!) * inner + i]!;
        }
        result[to + i] = sum;
      }
    }
  }
  return result;
}

function overTime(frames: readonly Float32Array[], { output, count, index, weight }: Taps): Float32Array[] {
  return Array.from({ length: output }, (_, j) => {
    const [size, result] = [frames[0]!.length, new Float32Array(frames[0]!.length)];
    for (let t = j * count; t < (j + 1) * count; t++) {
      const [w, frame] = [weight[t]!, frames[index[t]!]!];
      if (w !== 0) for (let i = 0; i < size; i++) result[i]! += w * frame[i]!;
    }
    return result;
  });
}
