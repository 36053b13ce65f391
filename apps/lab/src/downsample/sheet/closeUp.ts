/**
 * @file Which part of the pictures is worth a close look: where their reductions differ most.
 */
import type { Region } from '../../images/crop.js';
import type { Picture } from '../../images/picture.js';
import { lumaPlane } from '../similarity.js';

/**
 * The region of that size, in pixels of the reductions, with the largest variance of luma between them; the first such one from
 * the top left. The middle frame decides.
 */
export function closeUpRegion(reductions: readonly Picture[], width: number, height: number): Region {
  const [first] = reductions;
  if (!first) throw new RangeError('closeUpRegion: there must be a reduction');
  const size = { width: Math.min(width, first.width), height: Math.min(height, first.height) };
  const sums = integral(varianceBetween(reductions), first.width, first.height);
  const columns = first.width + 1;
  let best: Region = { left: 0, top: 0, ...size };
  let most = Number.NEGATIVE_INFINITY;
  for (let top = 0; top + size.height <= first.height; top++) {
    for (let left = 0; left + size.width <= first.width; left++) {
      const [above, below] = [top * columns + left, (top + size.height) * columns + left];
      const sum = sums[below + size.width]! - sums[below]! - sums[above + size.width]! + sums[above]!;
      // A margin keeps rounding from deciding between regions that are alike.
      if (sum > most + 1e-9) [best, most] = [{ left, top, ...size }, sum];
    }
  }
  return best;
}

/** n · variance, n being the number of reductions. */
function varianceBetween(reductions: readonly Picture[]): Float64Array {
  const planes = reductions.map((picture) => lumaPlane(picture, picture.frames.length >> 1).values);
  return planes[0]!.map((_, i) => {
    let [sum, squares] = [0, 0];
    for (const plane of planes) {
      sum += plane[i]!;
      squares += plane[i]! ** 2;
    }
    return squares - sum ** 2 / planes.length;
  });
}

/** Sums of all values above and to the left: `[height + 1, width + 1]`. */
function integral(values: Float64Array, width: number, height: number): Float64Array {
  const columns = width + 1;
  const sums = new Float64Array(columns * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += values[y * width + x]!;
      sums[(y + 1) * columns + x + 1] = sums[y * columns + x + 1]! + row;
    }
  }
  return sums;
}
