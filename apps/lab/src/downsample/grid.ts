/**
 * @file Where the cells of a pooled axis lie on the original one. Comparing pictures of different sizes needs to know.
 *
 * One pooling with kernel k and stride s puts cell j at the centre of its window, j·s + (k − 1)/2, or as far behind it as its
 * strategy says. Pooling again nests these maps.
 */
import { crop } from '../images/crop.js';
import type { Picture } from '../images/picture.js';
import { UsageError } from '../usageError.js';

/** Windows of `kernel` cells, `stride` apart, applied `levels` times. A last partial window is left out. */
export interface PoolSteps {
  readonly kernel: number;
  readonly stride: number;
  readonly levels: number;
}

/** Cell j of the reduced axis is centred at `offset` + j · `step` of the original one, whose cells are centred at 0, 1, 2, … */
export interface Grid {
  /** Cells of the original axis. */
  readonly input: number;
  /** Cells of the reduced axis. */
  readonly output: number;
  readonly step: number;
  readonly offset: number;
  /** First cell of the original axis that the reduced one stands for. */
  readonly start: number;
  /** How many cells it stands for. The few beyond, of an axis that the stride doesn't divide, are left out. */
  readonly length: number;
}

/**
 * The grid of pooling an axis of `size` cells.
 *
 * @param axis its name for messages: `width`
 * @param shift how far cells lie behind their windows' centres at each level, in that level's cells; it moves no `start`, so that
 *   all poolings of an axis are compared over the same part of it
 * @throws UsageError if a level has fewer cells than the kernel
 */
export function poolGrid(axis: string, size: number, { kernel, stride, levels }: PoolSteps, shift = 0): Grid {
  let [output, step, centre, moved] = [size, 1, 0, 0];
  for (let level = 1; level <= levels; level++) {
    if (output < kernel) {
      const where = levels > 1 ? ` at level ${level} of ${levels}` : '';
      throw new UsageError(
        `kernel ${kernel} exceeds the ${axis} of ${output}${where}; use a smaller --kernel or fewer --levels`,
      );
    }
    output = Math.floor((output - kernel) / stride) + 1;
    centre += (step * (kernel - 1)) / 2;
    moved += step * shift;
    step *= stride;
  }
  const start = Math.max(0, Math.floor(centre + 0.5 - step / 2));
  const length = Math.min(size - start, output * step);
  return { input: size, output, step, offset: centre + moved, start, length };
}

/** The grid of an axis that isn't pooled. */
export function sameGrid(size: number): Grid {
  return { input: size, output: size, step: 1, offset: 0, start: 0, length: size };
}

/** Grids of all three axes of a clip. */
export interface ClipGrid {
  readonly time: Grid;
  readonly height: Grid;
  readonly width: Grid;
}

/**
 * The grids of pooling each frame, or with `temporal` the clip in time as well.
 *
 * @param shift as for `poolGrid`
 * @throws UsageError if an axis is shorter than the kernel
 */
export function clipGrid(
  { width, height, frames }: { readonly width: number; readonly height: number; readonly frames: number },
  steps: PoolSteps,
  temporal: boolean,
  shift = 0,
): ClipGrid {
  return {
    time: temporal ? poolGrid('number of frames', frames, steps, shift) : sameGrid(frames),
    height: poolGrid('height', height, steps, shift),
    width: poolGrid('width', width, steps, shift),
  };
}

/** The part of a picture that its reduction stands for. */
export function covered(picture: Picture, { time, height, width }: ClipGrid): Picture {
  const [end, frames] = [time.start + time.length, picture.frames.slice(time.start, time.start + time.length)];
  const moment = { ...picture, frames, delays: picture.delays.slice(time.start, end) };
  return crop(moment, { left: width.start, top: height.start, width: width.length, height: height.length });
}
