/**
 * @file Windows averaged by softmax weights: importance pooling, and SoftPool, whose logits are βx.
 *
 *   e = exp(exponent · (logit − most))     w = e / Σe     y = Σ w x
 *
 * Logits and values enter scaled by a power of two, `logitScale` and `scale`, so small that no difference of two and no sum over
 * a window can overflow; where β < 0, `logitScale` is negative. Values are measured from that of the window's largest logit,
 * which the mean is near to: windows far from 0 keep their digits.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';
import { exponential } from './unaryFunctions.js';
import type { WindowConstants } from './windows.js';

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
