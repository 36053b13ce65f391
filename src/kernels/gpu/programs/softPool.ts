/**
 * @file Windows averaged by softmax weights: importance pooling, and SoftPool, whose logits are βx.
 *
 *   e = exp(exponent · (logit − most))     w = e / Σe     y = Σ w x
 *
 * Logits and values enter scaled by a power of two, `logitScale` and `scale`, so small that no difference of two and no sum over
 * a window can overflow; where β < 0, `logitScale` is negative. Values are measured from that of the window's largest logit,
 * which the mean is near to: windows far from 0 keep their digits.
 *
 * A cell's gradient needs of every window that it is in the largest logit, Σe and the mean. With a kernel of K cells and stride 1
 * a cell would make them again for K windows out of K cells each; so they are made once per window, by a dispatch of its own.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';
import { exponential } from './unaryFunctions.js';
import { type OverlapConstants, tapAt, type WindowConstants } from './windows.js';

/** e^x for x ≤ 0; 0 where it isn't a normal float32 any more, so that what it multiplies vanishes in every mode. */
export function softWeight(x: number): number {
  if (x < -87) return 0;
  return exponential(x);
}

/** y = Σ wᵢxᵢ of each window; `halfInverse` is 1/(2 scale). */
export function importancePool(
  this: Kernel<WindowConstants>,
  x: Cells,
  logits: Cells,
  logitScale: number,
  exponent: number,
  scale: number,
  halfInverse: number,
): number {
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
  if (heaviest >= 0) origin = x[heaviest];
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
              total += e * (x[line + atWidth] * scale - origin * scale);
            }
          }
        }
      }
    }
  }
  // In two halves: the distance from the origin may exceed the largest float32.
  const half = (total / sum) * halfInverse;
  return origin + half + half;
}

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
              const share = statistics[of + 1] * softWeight((logit - statistics[of]) * exponent);
              if (this.constants.hasSlope > 0) {
                const deviation = x[this.thread.x] * scale - statistics[of + 2] - statistics[of + 3];
                // In this order: where the share is 0, no product overflows.
                total += share * direct + share * deviation * slope;
              } else {
                total += share;
              }
            }
          }
        }
      }
    }
  }
  return total;
}
