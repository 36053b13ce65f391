/**
 * @file Which cell of each window is the first maximal one, and what follows it forward and backward. A NaN is larger than
 * everything; the first one wins.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';
import { type OverlapConstants, tapAt, type WindowConstants } from './windows.js';

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
    const tapDepth = tapAt(
      back - windowDepth * this.constants.strideDepth,
      this.constants.dilationDepth,
      this.constants.kernelDepth,
    );
    if (tapDepth >= 0 && windowDepth >= 0 && windowDepth < this.constants.outDepth) {
      for (let jh = 0; jh < this.constants.overlapHeight; jh++) {
        const windowHeight = lastHeight - jh;
        const tapHeight = tapAt(
          bottom - windowHeight * this.constants.strideHeight,
          this.constants.dilationHeight,
          this.constants.kernelHeight,
        );
        if (tapHeight >= 0 && windowHeight >= 0 && windowHeight < this.constants.outHeight) {
          const line =
            ((volume * this.constants.outDepth + windowDepth) * this.constants.outHeight + windowHeight) *
            this.constants.outWidth;
          for (let jw = 0; jw < this.constants.overlapWidth; jw++) {
            const windowWidth = lastWidth - jw;
            const tapWidth = tapAt(
              right - windowWidth * this.constants.strideWidth,
              this.constants.dilationWidth,
              this.constants.kernelWidth,
            );
            if (tapWidth >= 0 && windowWidth >= 0 && windowWidth < this.constants.outWidth) {
              if (winners[line + windowWidth] === this.thread.x) total += cotangent[line + windowWidth];
            }
          }
        }
      }
    }
  }
  return total;
}
