/**
 * @file Convolutions with bias and activation.
 *
 * The weight is walked by strides: weightStart + group · weightGroupStride + filter · weightFilterStride + channel ·
 * weightChannelStride + cell · weightCellStride. So the gradient in the input of a convolution of stride 1 is a convolution,
 * too: of the cotangent, with the window walked backwards and channels and filters exchanged.
 *
 * Four cells per thread take 0.50 of the time of one at 3×3, 0.64 at 1×1 in `webgpu` (0.51 and 0.69 in `webasm`; 16 channels of
 * 32×32). A padded copy of x would save the comparisons, 8 %, and cost a dispatch.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';
import { activated } from './matmul.js';

/** One cell per thread, any geometry. */
export function conv(
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
    | 'weightStart'
    | 'weightGroupStride'
    | 'weightFilterStride'
    | 'weightChannelStride'
    | 'weightCellStride'
    | 'hasBias'
    | 'hasRelu'
  >,
  x: Cells,
  weight: Cells,
  bias: Cells,
): number {
  const row = quotient(this.thread.x, this.constants.outWidth);
  const plane = quotient(row, this.constants.outHeight);
  const volume = quotient(plane, this.constants.outDepth);
  const sample = quotient(volume, this.constants.filters);
  const filter = volume - sample * this.constants.filters;
  const group = quotient(filter, this.constants.filtersPerGroup);
  const left =
    (this.thread.x - row * this.constants.outWidth) * this.constants.strideWidth - this.constants.paddingWidth;
  const top = (row - plane * this.constants.outHeight) * this.constants.strideHeight - this.constants.paddingHeight;
  const front = (plane - volume * this.constants.outDepth) * this.constants.strideDepth - this.constants.paddingDepth;
  const firstChannel = sample * this.constants.channels + group * this.constants.channelsPerGroup;
  const firstWeight =
    this.constants.weightStart +
    group * this.constants.weightGroupStride +
    (filter - group * this.constants.filtersPerGroup) * this.constants.weightFilterStride;
  let total = 0;
  for (let kd = 0; kd < this.constants.kernelDepth; kd++) {
    const atDepth = front + kd * this.constants.dilationDepth;
    if (atDepth >= 0 && atDepth < this.constants.inDepth) {
      for (let kh = 0; kh < this.constants.kernelHeight; kh++) {
        const atHeight = top + kh * this.constants.dilationHeight;
        if (atHeight >= 0 && atHeight < this.constants.inHeight) {
          let source =
            ((firstChannel * this.constants.inDepth + atDepth) * this.constants.inHeight + atHeight) *
            this.constants.inWidth;
          let atWeight =
            firstWeight +
            (kd * this.constants.kernelHeight + kh) * this.constants.kernelWidth * this.constants.weightCellStride;
          for (let channel = 0; channel < this.constants.channelsPerGroup; channel++) {
            for (let kw = 0; kw < this.constants.kernelWidth; kw++) {
              const atWidth = left + kw * this.constants.dilationWidth;
              if (atWidth >= 0 && atWidth < this.constants.inWidth) {
                total += x[source + atWidth] * weight[atWeight + kw * this.constants.weightCellStride];
              }
            }
            source += this.constants.inDepth * this.constants.inHeight * this.constants.inWidth;
            atWeight += this.constants.weightChannelStride;
          }
        }
      }
    }
  }
  if (this.constants.hasBias > 0) total += bias[filter];
  return activated(total, this.constants.hasRelu);
}

/**
 * The same, four neighbours of a row per thread, where stride and dilation along the row are 1 and its length is a multiple of
 * 4. From one cell of the window to the next the four inputs move on by one, so one is read.
 */
export function convQuad(
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
    | 'rowQuads'
    | 'kernelDepth'
    | 'kernelHeight'
    | 'kernelWidth'
    | 'strideDepth'
    | 'strideHeight'
    | 'paddingDepth'
    | 'paddingHeight'
    | 'paddingWidth'
    | 'dilationDepth'
    | 'dilationHeight'
    | 'weightStart'
    | 'weightGroupStride'
    | 'weightFilterStride'
    | 'weightChannelStride'
    | 'weightCellStride'
    | 'hasBias'
    | 'hasRelu'
  >,
  x: Cells,
  weight: Cells,
  bias: Cells,
): Quad {
  const row = quotient(this.thread.x, this.constants.rowQuads);
  const plane = quotient(row, this.constants.outHeight);
  const volume = quotient(plane, this.constants.outDepth);
  const sample = quotient(volume, this.constants.filters);
  const filter = volume - sample * this.constants.filters;
  const group = quotient(filter, this.constants.filtersPerGroup);
  const left = 4 * (this.thread.x - row * this.constants.rowQuads) - this.constants.paddingWidth;
  const top = (row - plane * this.constants.outHeight) * this.constants.strideHeight - this.constants.paddingHeight;
  const front = (plane - volume * this.constants.outDepth) * this.constants.strideDepth - this.constants.paddingDepth;
  const firstChannel = sample * this.constants.channels + group * this.constants.channelsPerGroup;
  const firstWeight =
    this.constants.weightStart +
    group * this.constants.weightGroupStride +
    (filter - group * this.constants.filtersPerGroup) * this.constants.weightFilterStride;
  let total0 = 0;
  let total1 = 0;
  let total2 = 0;
  let total3 = 0;
  for (let kd = 0; kd < this.constants.kernelDepth; kd++) {
    const atDepth = front + kd * this.constants.dilationDepth;
    if (atDepth >= 0 && atDepth < this.constants.inDepth) {
      for (let kh = 0; kh < this.constants.kernelHeight; kh++) {
        const atHeight = top + kh * this.constants.dilationHeight;
        if (atHeight >= 0 && atHeight < this.constants.inHeight) {
          let source =
            ((firstChannel * this.constants.inDepth + atDepth) * this.constants.inHeight + atHeight) *
            this.constants.inWidth;
          let atWeight =
            firstWeight +
            (kd * this.constants.kernelHeight + kh) * this.constants.kernelWidth * this.constants.weightCellStride;
          for (let channel = 0; channel < this.constants.channelsPerGroup; channel++) {
            let x0 = 0;
            let x1 = 0;
            let x2 = 0;
            if (left >= 0 && left < this.constants.inWidth) x0 = x[source + left];
            if (left >= -1 && left < this.constants.inWidth - 1) x1 = x[source + left + 1];
            if (left >= -2 && left < this.constants.inWidth - 2) x2 = x[source + left + 2];
            for (let kw = 0; kw < this.constants.kernelWidth; kw++) {
              const atWidth = left + kw + 3;
              let x3 = 0;
              if (atWidth >= 0 && atWidth < this.constants.inWidth) x3 = x[source + atWidth];
              const factor = weight[atWeight + kw * this.constants.weightCellStride];
              total0 += factor * x0;
              total1 += factor * x1;
              total2 += factor * x2;
              total3 += factor * x3;
              x0 = x1;
              x1 = x2;
              x2 = x3;
            }
            source += this.constants.inDepth * this.constants.inHeight * this.constants.inWidth;
            atWeight += this.constants.weightChannelStride;
          }
        }
      }
    }
  }
  if (this.constants.hasBias > 0) {
    total0 += bias[filter];
    total1 += bias[filter];
    total2 += bias[filter];
    total3 += bias[filter];
  }
  return [
    activated(total0, this.constants.hasRelu),
    activated(total1, this.constants.hasRelu),
    activated(total2, this.constants.hasRelu),
    activated(total3, this.constants.hasRelu),
  ];
}
