/**
 * @file Windows side by side, and what all pooling kernels share: where windows lie, and which windows hold a cell.
 *
 * Forward kernels walk over a window's cells from its corner, which may lie in the padding. Backward kernels walk, for their
 * cell, over the windows that may hold it: on each axis the last one that begins at or before it, and so many before that as
 * can overlap.
 */
import { exactQuotient, quotient } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';

/** Sizes of the tensors, and the window and its way. */
export type WindowConstants =
  | 'inDepth'
  | 'inHeight'
  | 'inWidth'
  | 'outDepth'
  | 'outHeight'
  | 'outWidth'
  | 'kernelDepth'
  | 'kernelHeight'
  | 'kernelWidth'
  | 'strideDepth'
  | 'strideHeight'
  | 'strideWidth'
  | 'paddingDepth'
  | 'paddingHeight'
  | 'paddingWidth'
  | 'dilationDepth'
  | 'dilationHeight'
  | 'dilationWidth';

/** How many windows can hold a cell, along each axis. */
export type OverlapConstants = 'overlapDepth' | 'overlapHeight' | 'overlapWidth';

/** Which cell of a window of `taps` cells lies at `distance` from its corner; −1 if none does. */
export function tapAt(distance: number, dilation: number, taps: number): number {
  let tap = distance;
  if (dilation > 1) tap = exactQuotient(distance, dilation);
  if (tap >= taps) return -1;
  return tap;
}

/** How many of `taps` neighbours that begin at `corner` lie below `end`. */
export function cellsAlong(corner: number, taps: number, end: number): number {
  if (corner + taps > end) return end - corner;
  return taps;
}

/** How many cells of a window that begins at `corner` lie in an axis of `size` cells. */
export function insideAlong(corner: number, taps: number, dilation: number, size: number): number {
  let first = 0;
  if (corner < 0) first = quotient(dilation - 1 - corner, dilation);
  let end = taps;
  if (corner + (taps - 1) * dilation >= size) end = quotient(size - 1 - corner, dilation) + 1;
  return end - first;
}

/** Cells [window, tap]; padded ones read `padValue`. */
export function unfold(this: Kernel<WindowConstants>, x: Cells, padValue: number): number {
  const tapRow = quotient(this.thread.x, this.constants.kernelWidth);
  const tapSlice = quotient(tapRow, this.constants.kernelHeight);
  const window = quotient(tapSlice, this.constants.kernelDepth);
  const row = quotient(window, this.constants.outWidth);
  const slice = quotient(row, this.constants.outHeight);
  const volume = quotient(slice, this.constants.outDepth);
  const atWidth =
    (window - row * this.constants.outWidth) * this.constants.strideWidth -
    this.constants.paddingWidth +
    (this.thread.x - tapRow * this.constants.kernelWidth) * this.constants.dilationWidth;
  const atHeight =
    (row - slice * this.constants.outHeight) * this.constants.strideHeight -
    this.constants.paddingHeight +
    (tapRow - tapSlice * this.constants.kernelHeight) * this.constants.dilationHeight;
  const atDepth =
    (slice - volume * this.constants.outDepth) * this.constants.strideDepth -
    this.constants.paddingDepth +
    (tapSlice - window * this.constants.kernelDepth) * this.constants.dilationDepth;
  if (
    atDepth >= 0 &&
    atDepth < this.constants.inDepth &&
    atHeight >= 0 &&
    atHeight < this.constants.inHeight &&
    atWidth >= 0 &&
    atWidth < this.constants.inWidth
  ) {
    return x[
      ((volume * this.constants.inDepth + atDepth) * this.constants.inHeight + atHeight) * this.constants.inWidth +
        atWidth
    ];
  }
  return padValue;
}

/** Each cell's sum over the windows [window, tap] that it is in. */
export function fold(this: Kernel<WindowConstants | OverlapConstants>, windows: Cells): number {
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
              const tapOfWindow =
                (((line + windowWidth) * this.constants.kernelDepth + tapDepth) * this.constants.kernelHeight +
                  tapHeight) *
                  this.constants.kernelWidth +
                tapWidth;
              total += windows[tapOfWindow];
            }
          }
        }
      }
    }
  }
  return total;
}
