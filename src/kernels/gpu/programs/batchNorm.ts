/**
 * @file Batch normalisation of x viewed as [outer, channels, inner]: forward, gradients. Chunks: see batchNormStatistics.ts.
 *
 * Where weight or bias is absent, another tensor stands in for it and isn't read.
 */
import { maskedByPositive } from './binaryFunctions.js';
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';
import { activated } from './matmul.js';

export function batchNorm(
  this: Kernel<'channels' | 'inner' | 'hasWeight' | 'hasBias' | 'hasRelu'>,
  x: Cells,
  mean: Cells,
  variance: Cells,
  weight: Cells,
  bias: Cells,
  eps: number,
): number {
  const row = quotient(this.thread.x, this.constants.inner);
  const channel = row - quotient(row, this.constants.channels) * this.constants.channels;
  let scale = 1 / Math.sqrt(variance[channel] + eps);
  if (this.constants.hasWeight > 0) scale *= weight[channel];
  let shift = 0;
  if (this.constants.hasBias > 0) shift = bias[channel];
  return activated((x[this.thread.x] - mean[channel]) * scale + shift, this.constants.hasRelu);
}

/** Four cells of a row at once, where rows are multiples of four long. */
export function batchNormQuads(
  this: Kernel<'channels' | 'rowQuads' | 'hasWeight' | 'hasBias' | 'hasRelu'>,
  x: Cells,
  mean: Cells,
  variance: Cells,
  weight: Cells,
  bias: Cells,
  eps: number,
): Quad {
  const row = quotient(this.thread.x, this.constants.rowQuads);
  const channel = row - quotient(row, this.constants.channels) * this.constants.channels;
  let scale = 1 / Math.sqrt(variance[channel] + eps);
  if (this.constants.hasWeight > 0) scale *= weight[channel];
  let shift = 0;
  if (this.constants.hasBias > 0) shift = bias[channel];
  const centre = mean[channel];
  const at = 4 * this.thread.x;
  return [
    activated((x[at] - centre) * scale + shift, this.constants.hasRelu),
    activated((x[at + 1] - centre) * scale + shift, this.constants.hasRelu),
    activated((x[at + 2] - centre) * scale + shift, this.constants.hasRelu),
    activated((x[at + 3] - centre) * scale + shift, this.constants.hasRelu),
  ];
}

/** Σ u and Σ u·x̂ of each chunk, where u is the cotangent behind the activation: [channels, chunks, 4]. */
export function chunkGradients(
  this: Kernel<
    | 'channels'
    | 'inner'
    | 'chunks'
    | 'cellsPerChunk'
    | 'cellsPerChannel'
    | 'chunkStep'
    | 'chunkColumns'
    | 'rowGap'
    | 'hasWeight'
    | 'hasBias'
    | 'hasRelu'
  >,
  cotangent: Cells,
  x: Cells,
  mean: Cells,
  variance: Cells,
  weight: Cells,
  bias: Cells,
  eps: number,
): Quad {
  const channel = quotient(this.thread.x, this.constants.chunks);
  let position = this.thread.x - channel * this.constants.chunks;
  const row = quotient(position, this.constants.inner);
  let column = position - row * this.constants.inner;
  let at = (row * this.constants.channels + channel) * this.constants.inner + column;
  const inverse = 1 / Math.sqrt(variance[channel] + eps);
  let scale = inverse;
  if (this.constants.hasWeight > 0) scale = inverse * weight[channel];
  let shift = 0;
  if (this.constants.hasBias > 0) shift = bias[channel];
  const centre = mean[channel];
  let total = 0;
  let projection = 0;
  for (let step = 0; step < this.constants.cellsPerChunk; step++) {
    if (position < this.constants.cellsPerChannel) {
      const distance = x[at] - centre;
      let upstream = cotangent[at];
      if (this.constants.hasRelu > 0) upstream = maskedByPositive(upstream, distance * scale + shift);
      total += upstream;
      projection += upstream * distance * inverse;
    }
    position += this.constants.chunks;
    at += this.constants.chunkStep;
    column += this.constants.chunkColumns;
    if (column >= this.constants.inner) {
      column -= this.constants.inner;
      at += this.constants.rowGap;
    }
  }
  return [projection, total, 0, 0];
}

/** Outputs, `stride` cells apart: the gradients of weight and bias, from the chunks'. */
export function channelGradients(
  this: Kernel<'channels' | 'chunks'>,
  sums: Cells,
  begin: number,
  stride: number,
): number {
  const output = quotient(this.thread.x + begin, stride);
  const channel = this.thread.x + begin - output * stride;
  if (channel >= this.constants.channels) return 0;
  let at = 4 * channel * this.constants.chunks + output;
  let total = 0;
  for (let chunk = 0; chunk < this.constants.chunks; chunk++) {
    total += sums[at];
    at += 4;
  }
  return total;
}

/** The same outputs from cotangent and x themselves, row by row. */
export function wholeGradients(
  this: Kernel<'rowsPerChannel' | 'channels' | 'inner' | 'hasWeight' | 'hasBias' | 'hasRelu'>,
  cotangent: Cells,
  x: Cells,
  mean: Cells,
  variance: Cells,
  weight: Cells,
  bias: Cells,
  begin: number,
  stride: number,
  eps: number,
): number {
  const output = quotient(this.thread.x + begin, stride);
  const channel = this.thread.x + begin - output * stride;
  if (channel >= this.constants.channels) return 0;
  const inverse = 1 / Math.sqrt(variance[channel] + eps);
  let scale = inverse;
  if (this.constants.hasWeight > 0) scale = inverse * weight[channel];
  let shift = 0;
  if (this.constants.hasBias > 0) shift = bias[channel];
  const centre = mean[channel];
  let total = 0;
  let at = channel * this.constants.inner;
  for (let row = 0; row < this.constants.rowsPerChannel; row++) {
    let rowTotal = 0;
    for (let column = 0; column < this.constants.inner; column++) {
      const distance = x[at] - centre;
      let upstream = cotangent[at];
      if (this.constants.hasRelu > 0) upstream = maskedByPositive(upstream, distance * scale + shift);
      if (output === 0) upstream *= distance * inverse;
      rowTotal += upstream;
      at += 1;
    }
    total += rowTotal;
    at += (this.constants.channels - 1) * this.constants.inner;
  }
  return total;
}

/** The gradient of x; `sums` are those of weight and bias, `stride` cells apart, and `share` is 1/(cells of a channel). */
export function batchNormInputGrad(
  this: Kernel<'channels' | 'inner' | 'hasWeight' | 'hasBias' | 'hasRelu' | 'hasBatchStatistics'>,
  cotangent: Cells,
  x: Cells,
  mean: Cells,
  variance: Cells,
  weight: Cells,
  bias: Cells,
  sums: Cells,
  eps: number,
  share: number,
  stride: number,
): number {
  const row = quotient(this.thread.x, this.constants.inner);
  const channel = row - quotient(row, this.constants.channels) * this.constants.channels;
  const inverse = 1 / Math.sqrt(variance[channel] + eps);
  let scale = inverse;
  if (this.constants.hasWeight > 0) scale = inverse * weight[channel];
  let shift = 0;
  if (this.constants.hasBias > 0) shift = bias[channel];
  const distance = x[this.thread.x] - mean[channel];
  let upstream = cotangent[this.thread.x];
  if (this.constants.hasRelu > 0) upstream = maskedByPositive(upstream, distance * scale + shift);
  if (this.constants.hasBatchStatistics > 0) {
    upstream -= share * (sums[channel + stride] + distance * inverse * sums[channel]);
  }
  return scale * upstream;
}
