/**
 * @file Mean and variance of each channel of x viewed as [outer, channels, inner].
 *
 * The cells of a channel are counted through, outer and inner together, and cut into chunks: every `chunks`-th cell is of one
 * chunk, so that neighbouring threads read neighbouring cells. From one to the next it is `chunkStep` cells, and `chunkColumns`
 * columns of a row of `inner`; `rowGap` are the cells of the other channels between two rows. A channel of few cells is one
 * thread's work, without chunks.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';

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

/** A running value, moved towards an observed one. */
export function followed(running: number, observed: number, momentum: number): number {
  return running * (1 - momentum) + momentum * observed;
}

/**
 * Outputs, `stride` cells apart: mean and biased variance of each channel, from the moments of its chunks (Chan, Golub and
 * LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979), and where the running ones move.
 */
export function channelMoments(
  this: Kernel<'channels' | 'chunks' | 'cellsPerChannel'>,
  moments: Cells,
  runningMean: Cells,
  runningVariance: Cells,
  begin: number,
  stride: number,
  momentum: number,
  unbiased: number,
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
  if (output === 2) return followed(runningMean[channel], average, momentum);
  at = 4 * channel * this.constants.chunks;
  let squares = 0;
  for (let chunk = 0; chunk < this.constants.chunks; chunk++) {
    const distance = moments[at] - average;
    squares += moments[at + 1] + moments[at + 2] * distance * distance;
    at += 4;
  }
  const variance = squares / this.constants.cellsPerChannel;
  if (output === 1) return variance;
  return followed(runningVariance[channel], unbiased * variance, momentum);
}

/** The same outputs from x itself, row by row, which costs long sums fewer digits. */
export function wholeMoments(
  this: Kernel<'rowsPerChannel' | 'channels' | 'inner'>,
  x: Cells,
  runningMean: Cells,
  runningVariance: Cells,
  begin: number,
  stride: number,
  momentum: number,
  unbiased: number,
): number {
  const output = quotient(this.thread.x + begin, stride);
  const channel = this.thread.x + begin - output * stride;
  if (channel >= this.constants.channels) return 0;
  let total = 0;
  let at = channel * this.constants.inner;
  for (let row = 0; row < this.constants.rowsPerChannel; row++) {
    let rowTotal = 0;
    for (let column = 0; column < this.constants.inner; column++) {
      rowTotal += x[at];
      at += 1;
    }
    total += rowTotal;
    at += (this.constants.channels - 1) * this.constants.inner;
  }
  const average = total / (this.constants.rowsPerChannel * this.constants.inner);
  if (output === 0) return average;
  if (output === 2) return followed(runningMean[channel], average, momentum);
  let squares = 0;
  at = channel * this.constants.inner;
  for (let row = 0; row < this.constants.rowsPerChannel; row++) {
    let rowSquares = 0;
    for (let column = 0; column < this.constants.inner; column++) {
      rowSquares += (x[at] - average) * (x[at] - average);
      at += 1;
    }
    squares += rowSquares;
    at += (this.constants.channels - 1) * this.constants.inner;
  }
  const variance = squares / (this.constants.rowsPerChannel * this.constants.inner);
  if (output === 1) return variance;
  return followed(runningVariance[channel], unbiased * variance, momentum);
}
