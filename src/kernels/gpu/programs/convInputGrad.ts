/**
 * @file The gradient of a convolution in its input, where a stride exceeds 1. With stride 1 it is a convolution: conv.ts.
 */
import { exactQuotient, quotient } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';

/** Gathers for each cell of x the outputs whose windows hold it: those that a cell of the window leads back to. */
export function convInputGrad(
  this: Kernel<
    | 'channels'
    | 'filters'
    | 'channelsPerGroup'
    | 'filtersPerGroup'
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
    | 'dilationWidth'
  >,
  cotangent: Cells,
  weight: Cells,
): number {
  const row = quotient(this.thread.x, this.constants.inWidth);
  const plane = quotient(row, this.constants.inHeight);
  const volume = quotient(plane, this.constants.inDepth);
  const sample = quotient(volume, this.constants.channels);
  const channel = volume - sample * this.constants.channels;
  const group = quotient(channel, this.constants.channelsPerGroup);
  const right = this.thread.x - row * this.constants.inWidth + this.constants.paddingWidth;
  const bottom = row - plane * this.constants.inHeight + this.constants.paddingHeight;
  const back = plane - volume * this.constants.inDepth + this.constants.paddingDepth;
  const firstFilter = group * this.constants.filtersPerGroup;
  const outVolume = this.constants.outDepth * this.constants.outHeight * this.constants.outWidth;
  const weightCells = this.constants.kernelDepth * this.constants.kernelHeight * this.constants.kernelWidth;
  const firstSource = (sample * this.constants.filters + firstFilter) * outVolume;
  const firstWeight =
    (firstFilter * this.constants.channelsPerGroup + channel - group * this.constants.channelsPerGroup) * weightCells;
  let total = 0;
  for (let kd = 0; kd < this.constants.kernelDepth; kd++) {
    const atDepth = exactQuotient(back - kd * this.constants.dilationDepth, this.constants.strideDepth);
    if (atDepth >= 0 && atDepth < this.constants.outDepth) {
      for (let kh = 0; kh < this.constants.kernelHeight; kh++) {
        const atHeight = exactQuotient(bottom - kh * this.constants.dilationHeight, this.constants.strideHeight);
        if (atHeight >= 0 && atHeight < this.constants.outHeight) {
          for (let kw = 0; kw < this.constants.kernelWidth; kw++) {
            const atWidth = exactQuotient(right - kw * this.constants.dilationWidth, this.constants.strideWidth);
            if (atWidth >= 0 && atWidth < this.constants.outWidth) {
              let source =
                firstSource + (atDepth * this.constants.outHeight + atHeight) * this.constants.outWidth + atWidth;
              let atWeight = firstWeight + (kd * this.constants.kernelHeight + kh) * this.constants.kernelWidth + kw;
              for (let filter = 0; filter < this.constants.filtersPerGroup; filter++) {
                total += cotangent[source] * weight[atWeight];
                source += outVolume;
                atWeight += this.constants.channelsPerGroup * weightCells;
              }
            }
          }
        }
      }
    }
  }
  return total;
}
