/**
 * @file Which cell of each window is the first maximal one, and what follows it forward and backward. A NaN is larger than
 * everything; the first one wins.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';
import type { OverlapConstants, WindowConstants } from './windows.js';

/** 1 if `key` is larger than `best`, which was seen first. */
export function beats(key: number, best: number): number {
  if (key > best) return 1;
  if (key <= best) return 0;
  // One of them is NaN.
  if (best > 0 || best <= 0) return 1;
  return 0;
}

/** The cell of each window's first maximal key; −1 for a window of padding alone. */
export function maxCells(this: Kernel<WindowConstants>, keys: Cells): number {
  const row = quotient(this.thread.x, this.constants.outWidth);
  const slice = quotient(row, this.constants.outHeight);
  const volume = quotient(slice, this.constants.outDepth);
  const left =
    (this.thread.x - row * this.constants.outWidth) * this.constants.strideWidth - this.constants.paddingWidth;
  const top = (row - slice * this.constants.outHeight) * this.constants.strideHeight - this.constants.paddingHeight;
  const front = (slice - volume * this.constants.outDepth) * this.constants.strideDepth - this.constants.paddingDepth;
  let winner = -1;
  let best = 0;
  for (let kd = 0; kd < this.constants.kernelDepth; kd++) {
    const atDepth = front + kd * this.constants.dilationDepth;
    if (atDepth >= 0 && atDepth < this.constants.inDepth) {
      for (let kh = 0; kh < this.constants.kernelHeight; kh++) {
        const atHeight = top + kh * this.constants.dilationHeight;
        if (atHeight >= 0 && atHeight < this.constants.inHeight) {
          const line =
            ((volume * this.constants.inDepth + atDepth) * this.constants.inHeight + atHeight) * this.constants.inWidth;
          for (let kw = 0; kw < this.constants.kernelWidth; kw++) {
            const atWidth = left + kw * this.constants.dilationWidth;
            if (atWidth >= 0 && atWidth < this.constants.inWidth) {
              const key = keys[line + atWidth];
              if (winner < 0 || beats(key, best) > 0) {
                winner = line + atWidth;
                best = key;
              }
            }
          }
        }
      }
    }
  }
  return winner;
}

/** The values of given cells; NaN where there is none. */
export function takeCells(this: Kernel, values: Cells, cells: Cells): number {
  const cell = cells[this.thread.x];
  if (cell < 0) return Math.sqrt(cell);
  return values[cell];
}

/** Each cell's cotangents of the windows that it is the maximal one of. */
export function maxUnpool(this: Kernel<WindowConstants | OverlapConstants>, cotangent: Cells, winners: Cells): number {
  const row = quotient(this.thread.x, this.constants.inWidth);
  const slice = quotient(row, this.constants.inHeight);
  const volume = quotient(slice, this.constants.inDepth);
  const right = this.thread.x - row * this.constants.inWidth + this.constants.paddingWidth;
  const bottom = row - slice * this.constants.inHeight + this.constants.paddingHeight;
  const back = slice - volume * this.constants.inDepth + this.constants.paddingDepth;
  const lastWidth = quotient(right, this.constants.strideWidth);
  const lastHeight = quotient(bottom, this.constants.strideHeight);
  const lastDepth = quotient(back, this.constants.strideDepth);
  let total = 0;
  for (let jd = 0; jd < this.constants.overlapDepth; jd++) {
    const windowDepth = lastDepth - jd;
    if (windowDepth >= 0 && windowDepth < this.constants.outDepth) {
      for (let jh = 0; jh < this.constants.overlapHeight; jh++) {
        const windowHeight = lastHeight - jh;
        if (windowHeight >= 0 && windowHeight < this.constants.outHeight) {
          const line =
            ((volume * this.constants.outDepth + windowDepth) * this.constants.outHeight + windowHeight) *
            this.constants.outWidth;
          for (let jw = 0; jw < this.constants.overlapWidth; jw++) {
            const windowWidth = lastWidth - jw;
            if (windowWidth >= 0 && windowWidth < this.constants.outWidth) {
              if (winners[line + windowWidth] === this.thread.x) total += cotangent[line + windowWidth];
            }
          }
        }
      }
    }
  }
  return total;
}

/** The same, four neighbours of a row per thread, where the row's length is a multiple of 4. */
export function maxUnpoolQuad(
  this: Kernel<WindowConstants | OverlapConstants | 'inQuads'>,
  cotangent: Cells,
  winners: Cells,
): Quad {
  const row = quotient(this.thread.x, this.constants.inQuads);
  const slice = quotient(row, this.constants.inHeight);
  const volume = quotient(slice, this.constants.inDepth);
  const right = 4 * (this.thread.x - row * this.constants.inQuads) + this.constants.paddingWidth + 3;
  const bottom = row - slice * this.constants.inHeight + this.constants.paddingHeight;
  const back = slice - volume * this.constants.inDepth + this.constants.paddingDepth;
  const lastWidth = quotient(right, this.constants.strideWidth);
  const lastHeight = quotient(bottom, this.constants.strideHeight);
  const lastDepth = quotient(back, this.constants.strideDepth);
  let total0 = 0;
  let total1 = 0;
  let total2 = 0;
  let total3 = 0;
  for (let jd = 0; jd < this.constants.overlapDepth; jd++) {
    const windowDepth = lastDepth - jd;
    if (windowDepth >= 0 && windowDepth < this.constants.outDepth) {
      for (let jh = 0; jh < this.constants.overlapHeight; jh++) {
        const windowHeight = lastHeight - jh;
        if (windowHeight >= 0 && windowHeight < this.constants.outHeight) {
          const line =
            ((volume * this.constants.outDepth + windowDepth) * this.constants.outHeight + windowHeight) *
            this.constants.outWidth;
          for (let jw = 0; jw < this.constants.overlapWidth; jw++) {
            const windowWidth = lastWidth - jw;
            if (windowWidth >= 0 && windowWidth < this.constants.outWidth) {
              const distance = winners[line + windowWidth] - 4 * this.thread.x;
              const upstream = cotangent[line + windowWidth];
              if (distance === 0) total0 += upstream;
              if (distance === 1) total1 += upstream;
              if (distance === 2) total2 += upstream;
              if (distance === 3) total3 += upstream;
            }
          }
        }
      }
    }
  }
  return [total0, total1, total2, total3];
}
