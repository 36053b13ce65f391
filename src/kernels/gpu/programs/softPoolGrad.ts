/**
 * @file The gradients of windows averaged by softmax weights: softPool.ts has the formulas and the scales.
 *
 * A cell's gradient needs of every window that it is in the largest logit, Σe and the mean. With a kernel of K cells and stride 1
 * a cell would make them again for K windows out of K cells each; so they are made once per window, by a dispatch of its own.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';
import { softWeight } from './softPool.js';
import { type OverlapConstants, tapAt, type WindowConstants } from './windows.js';

/** Of each window: the largest logit, cotangent/Σe, and where the mean is: an origin and the distance from it; all scaled. */
export function windowWeights(
  this: Kernel<WindowConstants>,
  cotangent: Cells,
  x: Cells,
  logits: Cells,
  logitScale: number,
  exponent: number,
  scale: number,
): Quad {
  const row = quotient(this.thread.x, this.constants.outWidth);
  const slice = quotient(row, this.constants.outHeight);
  const volume = quotient(slice, this.constants.outDepth);
  const left =
    (this.thread.x - row * this.constants.outWidth) * this.constants.strideWidth - this.constants.paddingWidth;
  const top = (row - slice * this.constants.outHeight) * this.constants.strideHeight - this.constants.paddingHeight;
  const front = (slice - volume * this.constants.outDepth) * this.constants.strideDepth - this.constants.paddingDepth;
  let heaviest = -1;
  let most = 0;
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
              const logit = logits[line + atWidth] * logitScale;
              if (heaviest < 0 || logit > most) {
                heaviest = line + atWidth;
                most = logit;
              }
            }
          }
        }
      }
    }
  }
  let origin = 0;
  if (heaviest >= 0) origin = x[heaviest] * scale;
  let sum = 0;
  let total = 0;
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
              const e = softWeight((logits[line + atWidth] * logitScale - most) * exponent);
              sum += e;
              total += e * (x[line + atWidth] * scale - origin);
            }
          }
        }
      }
    }
  }
  return [most, cotangent[this.thread.x] / sum, origin, total / sum];
}

/** share · (direct + slope · deviation), in an order in which no product overflows where the share is 0. */
export function contribution(
  share: number,
  deviation: number,
  direct: number,
  slope: number,
  isSloped: number,
): number {
  if (isSloped > 0) return share * direct + share * deviation * slope;
  return share;
}

/** Each cell's Σ g w (direct + slope · (x − mean)) over the windows that it is in, of `windowWeights`. */
export function importanceGrad(
  this: Kernel<WindowConstants | OverlapConstants | 'hasSlope'>,
  statistics: Cells,
  x: Cells,
  logits: Cells,
  logitScale: number,
  exponent: number,
  scale: number,
  direct: number,
  slope: number,
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
  const logit = logits[this.thread.x] * logitScale;
  const value = x[this.thread.x] * scale;
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
              const of = 4 * (line + windowWidth);
              total += contribution(
                statistics[of + 1] * softWeight((logit - statistics[of]) * exponent),
                value - statistics[of + 2] - statistics[of + 3],
                direct,
                slope,
                this.constants.hasSlope,
              );
            }
          }
        }
      }
    }
  }
  return total;
}

/** The same, four neighbours of a row per thread, where the row's length is a multiple of 4. */
export function importanceGradQuad(
  this: Kernel<WindowConstants | OverlapConstants | 'hasSlope' | 'inQuads'>,
  statistics: Cells,
  x: Cells,
  logits: Cells,
  logitScale: number,
  exponent: number,
  scale: number,
  direct: number,
  slope: number,
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
  const cell = 4 * this.thread.x;
  const logit0 = logits[cell] * logitScale;
  const logit1 = logits[cell + 1] * logitScale;
  const logit2 = logits[cell + 2] * logitScale;
  const logit3 = logits[cell + 3] * logitScale;
  const value0 = x[cell] * scale;
  const value1 = x[cell + 1] * scale;
  const value2 = x[cell + 2] * scale;
  const value3 = x[cell + 3] * scale;
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
            if (windowWidth >= 0 && windowWidth < this.constants.outWidth) {
              const of = 4 * (line + windowWidth);
              const most = statistics[of];
              const upstream = statistics[of + 1];
              const origin = statistics[of + 2];
              const mean = statistics[of + 3];
              const distance = right - windowWidth * this.constants.strideWidth;
              if (tapAt(distance, this.constants.dilationWidth, this.constants.kernelWidth) >= 0) {
                const share0 = upstream * softWeight((logit0 - most) * exponent);
                total0 += contribution(share0, value0 - origin - mean, direct, slope, this.constants.hasSlope);
              }
              if (tapAt(distance + 1, this.constants.dilationWidth, this.constants.kernelWidth) >= 0) {
                const share1 = upstream * softWeight((logit1 - most) * exponent);
                total1 += contribution(share1, value1 - origin - mean, direct, slope, this.constants.hasSlope);
              }
              if (tapAt(distance + 2, this.constants.dilationWidth, this.constants.kernelWidth) >= 0) {
                const share2 = upstream * softWeight((logit2 - most) * exponent);
                total2 += contribution(share2, value2 - origin - mean, direct, slope, this.constants.hasSlope);
              }
              if (tapAt(distance + 3, this.constants.dilationWidth, this.constants.kernelWidth) >= 0) {
                const share3 = upstream * softWeight((logit3 - most) * exponent);
                total3 += contribution(share3, value3 - origin - mean, direct, slope, this.constants.hasSlope);
              }
            }
          }
        }
      }
    }
  }
  return [total0, total1, total2, total3];
}
