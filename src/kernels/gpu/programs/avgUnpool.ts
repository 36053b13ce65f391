/**
 * @file The adjoint of average pooling.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';
import { cellsAlong, insideAlong, type OverlapConstants, tapAt, type WindowConstants } from './windows.js';

/** What divides along one axis: the window's cells in the padded input or, without `countsPadding`, in the input. */
export function divisorAlong(
  corner: number,
  taps: number,
  dilation: number,
  size: number,
  pad: number,
  padCounts: number,
): number {
  if (padCounts > 0) return cellsAlong(corner, taps, size + pad);
  return insideAlong(corner, taps, dilation, size);
}

/** Each cell's sum of shares of the windows that it is in. */
export function avgUnpool(
  this: Kernel<WindowConstants | OverlapConstants | 'countsPadding'>,
  cotangent: Cells,
): number {
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
      const sliceCells = divisorAlong(
        windowDepth * this.constants.strideDepth - this.constants.paddingDepth,
        this.constants.kernelDepth,
        this.constants.dilationDepth,
        this.constants.inDepth,
        this.constants.paddingDepth,
        this.constants.countsPadding,
      );
      for (let jh = 0; jh < this.constants.overlapHeight; jh++) {
        const windowHeight = lastHeight - jh;
        const tapHeight = tapAt(
          bottom - windowHeight * this.constants.strideHeight,
          this.constants.dilationHeight,
          this.constants.kernelHeight,
        );
        if (tapHeight >= 0 && windowHeight >= 0 && windowHeight < this.constants.outHeight) {
          const rowCells = divisorAlong(
            windowHeight * this.constants.strideHeight - this.constants.paddingHeight,
            this.constants.kernelHeight,
            this.constants.dilationHeight,
            this.constants.inHeight,
            this.constants.paddingHeight,
            this.constants.countsPadding,
          );
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
              const cells =
                sliceCells *
                rowCells *
                divisorAlong(
                  windowWidth * this.constants.strideWidth - this.constants.paddingWidth,
                  this.constants.kernelWidth,
                  this.constants.dilationWidth,
                  this.constants.inWidth,
                  this.constants.paddingWidth,
                  this.constants.countsPadding,
                );
              total += cotangent[line + windowWidth] / cells;
            }
          }
        }
      }
    }
  }
  return total;
}

/** The same, four neighbours of a row per thread, where the row's length is a multiple of 4. */
export function avgUnpoolQuad(
  this: Kernel<WindowConstants | OverlapConstants | 'countsPadding' | 'inQuads'>,
  cotangent: Cells,
): Quad {
  const row = quotient(this.thread.x, this.constants.inQuads);
  const slice = quotient(row, this.constants.inHeight);
  const volume = quotient(slice, this.constants.inDepth);
  const right = 4 * (this.thread.x - row * this.constants.inQuads) + this.constants.paddingWidth;
  const bottom = row - slice * this.constants.inHeight + this.constants.paddingHeight;
  const back = slice - volume * this.constants.inDepth + this.constants.paddingDepth;
  const lastWidth = quotient(right + 3, this.constants.strideWidth);
  const lastHeight = quotient(bottom, this.constants.strideHeight);
  const lastDepth = quotient(back, this.constants.strideDepth);
  let total0 = 0;
  let total1 = 0;
  let total2 = 0;
  let total3 = 0;
  for (let jd = 0; jd < this.constants.overlapDepth; jd++) {
    const windowDepth = lastDepth - jd;
    const tapDepth = tapAt(
      back - windowDepth * this.constants.strideDepth,
      this.constants.dilationDepth,
      this.constants.kernelDepth,
    );
    if (tapDepth >= 0 && windowDepth >= 0 && windowDepth < this.constants.outDepth) {
      const sliceCells = divisorAlong(
        windowDepth * this.constants.strideDepth - this.constants.paddingDepth,
        this.constants.kernelDepth,
        this.constants.dilationDepth,
        this.constants.inDepth,
        this.constants.paddingDepth,
        this.constants.countsPadding,
      );
      for (let jh = 0; jh < this.constants.overlapHeight; jh++) {
        const windowHeight = lastHeight - jh;
        const tapHeight = tapAt(
          bottom - windowHeight * this.constants.strideHeight,
          this.constants.dilationHeight,
          this.constants.kernelHeight,
        );
        if (tapHeight >= 0 && windowHeight >= 0 && windowHeight < this.constants.outHeight) {
          const rowCells = divisorAlong(
            windowHeight * this.constants.strideHeight - this.constants.paddingHeight,
            this.constants.kernelHeight,
            this.constants.dilationHeight,
            this.constants.inHeight,
            this.constants.paddingHeight,
            this.constants.countsPadding,
          );
          const line =
            ((volume * this.constants.outDepth + windowDepth) * this.constants.outHeight + windowHeight) *
            this.constants.outWidth;
          for (let jw = 0; jw < this.constants.overlapWidth; jw++) {
            const windowWidth = lastWidth - jw;
            if (windowWidth >= 0 && windowWidth < this.constants.outWidth) {
              const cells =
                sliceCells *
                rowCells *
                divisorAlong(
                  windowWidth * this.constants.strideWidth - this.constants.paddingWidth,
                  this.constants.kernelWidth,
                  this.constants.dilationWidth,
                  this.constants.inWidth,
                  this.constants.paddingWidth,
                  this.constants.countsPadding,
                );
              const share = cotangent[line + windowWidth] / cells;
              const distance = right - windowWidth * this.constants.strideWidth;
              if (tapAt(distance, this.constants.dilationWidth, this.constants.kernelWidth) >= 0) total0 += share;
              if (tapAt(distance + 1, this.constants.dilationWidth, this.constants.kernelWidth) >= 0) total1 += share;
              if (tapAt(distance + 2, this.constants.dilationWidth, this.constants.kernelWidth) >= 0) total2 += share;
              if (tapAt(distance + 3, this.constants.dilationWidth, this.constants.kernelWidth) >= 0) total3 += share;
            }
          }
        }
      }
    }
  }
  return [total0, total1, total2, total3];
}
