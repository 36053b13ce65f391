/**
 * @file Average and maximum of each window: one walk, with functions supplied. `include` adds a cell to what came before it in
 * the window, `conclude` makes the result.
 */

import { larger } from './binaryFunctions.js';
import { quotient } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';
import { cellsAlong, type WindowConstants } from './windows.js';

declare function include(total: number, x: number, scale: number, count: number): number;
declare function conclude(total: number, count: number, scale: number): number;

/** The larger one; the scale is 1. */
export function includeLarger(total: number, x: number, scale: number, count: number): number {
  if (count < 1) return x * scale;
  return larger(total, x * scale);
}

/** The maximum, NaN for a window of padding alone. */
export function concludeMaximum(total: number, count: number): number {
  if (count < 1) return total / count;
  return total;
}

/** The sum, made small by a power of two so that it can't overflow. */
export function includeSummand(total: number, x: number, scale: number): number {
  return total + x * scale;
}

export function concludeMean(total: number, count: number, scale: number): number {
  return total / (count * scale);
}

/** With `countsPadding`, a window's padded cells count. */
export function reduceWindows(this: Kernel<WindowConstants | 'countsPadding'>, x: Cells, scale: number): number {
  const row = quotient(this.thread.x, this.constants.outWidth);
  const slice = quotient(row, this.constants.outHeight);
  const volume = quotient(slice, this.constants.outDepth);
  const left =
    (this.thread.x - row * this.constants.outWidth) * this.constants.strideWidth - this.constants.paddingWidth;
  const top = (row - slice * this.constants.outHeight) * this.constants.strideHeight - this.constants.paddingHeight;
  const front = (slice - volume * this.constants.outDepth) * this.constants.strideDepth - this.constants.paddingDepth;
  let total = 0;
  let count = 0;
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
              total = include(total, x[line + atWidth], scale, count);
              count += 1;
            }
          }
        }
      }
    }
  }
  if (this.constants.countsPadding > 0) {
    count =
      cellsAlong(front, this.constants.kernelDepth, this.constants.inDepth + this.constants.paddingDepth) *
      cellsAlong(top, this.constants.kernelHeight, this.constants.inHeight + this.constants.paddingHeight) *
      cellsAlong(left, this.constants.kernelWidth, this.constants.inWidth + this.constants.paddingWidth);
  }
  return conclude(total, count, scale);
}
