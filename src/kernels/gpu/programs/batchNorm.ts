/**
 * @file Batch normalisation of x viewed as [outer, channels, inner]: statistics, forward, gradients.
 *
 * The cells of a channel are counted through, outer and inner together, and cut into chunks: every `chunks`-th cell is of one
 * chunk, so that neighbouring threads read neighbouring cells. From one to the next it is `chunkStep` cells, and `chunkColumns`
 * columns of a row of `inner`; `rowGap` are the cells of the other channels between two rows.
 *
 * Where weight or bias is absent, another tensor stands in for it and isn't read.
 */
import { maskedByPositive } from './binaryFunctions.js';
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';
import { activated } from './matmul.js';

/** Mean, Σ (x − mean)² and number of cells of each chunk: [channels, chunks, 4]. */
export function chunkMoments(
  this: Kernel<
    'channels' | 'inner' | 'chunks' | 'cellsPerChunk' | 'cellsPerChannel' | 'chunkStep' | 'chunkColumns' | 'rowGap'
  >,
  x: Cells,
): Quad {
  const channel = quotient(this.thread.x, this.constants.chunks);
  const first = this.thread.x - channel * this.constants.chunks;
  const row = quotient(first, this.constants.inner);
  const origin = (row * this.constants.channels + channel) * this.constants.inner + first - row * this.constants.inner;
  let at = origin;
  let position = first;
  let column = first - row * this.constants.inner;
  let total = 0;
  let count = 0;
  for (let step = 0; step < this.constants.cellsPerChunk; step++) {
    if (position < this.constants.cellsPerChannel) {
      total += x[at];
      count += 1;
    }
    position += this.constants.chunks;
    at += this.constants.chunkStep;
    column += this.constants.chunkColumns;
    if (column >= this.constants.inner) {
      column -= this.constants.inner;
      at += this.constants.rowGap;
    }
  }
  const average = total / count;
  let squares = 0;
  at = origin;
  position = first;
  column = first - row * this.constants.inner;
  for (let step = 0; step < this.constants.cellsPerChunk; step++) {
    if (position < this.constants.cellsPerChannel) squares += (x[at] - average) * (x[at] - average);
    position += this.constants.chunks;
    at += this.constants.chunkStep;
    column += this.constants.chunkColumns;
    if (column >= this.constants.inner) {
      column -= this.constants.inner;
      at += this.constants.rowGap;
    }
  }
  return [average, squares, count, 0];
}

/**
 * Outputs, `stride` cells apart: mean and biased variance of each channel, from the moments of its chunks (Chan, Golub and
 * LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979).
 */
export function channelMoments(
  this: Kernel<'channels' | 'chunks' | 'cellsPerChannel'>,
  moments: Cells,
  begin: number,
  stride: number,
): number {
  const output = quotient(this.thread.x + begin, stride);
  const channel = this.thread.x + begin - output * stride;
  if (channel >= this.constants.channels) return 0;
  let at = 4 * channel * this.constants.chunks;
  let total = 0;
  for (let chunk = 0; chunk < this.constants.chunks; chunk++) {
    total += moments[at] * moments[at + 2];
    at += 4;
  }
  const average = total / this.constants.cellsPerChannel;
  if (output === 0) return average;
  at = 4 * channel * this.constants.chunks;
  let squares = 0;
  for (let chunk = 0; chunk < this.constants.chunks; chunk++) {
    const distance = moments[at] - average;
    squares += moments[at + 1] + moments[at + 2] * distance * distance;
    at += 4;
  }
  return squares / this.constants.cellsPerChannel;
}

/** Outputs, `stride` cells apart: the running mean and variance, moved towards the observed. */
export function updateRunning(
  this: Kernel,
  mean: Cells,
  variance: Cells,
  observedMean: Cells,
  observedVariance: Cells,
  begin: number,
  stride: number,
  cells: number,
  momentum: number,
  unbiased: number,
): number {
  const output = quotient(this.thread.x + begin, stride);
  const at = this.thread.x + begin - output * stride;
  if (at >= cells) return 0;
  if (output === 0) return mean[at] * (1 - momentum) + momentum * observedMean[at];
  return variance[at] * (1 - momentum) + momentum * unbiased * observedVariance[at];
}

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
