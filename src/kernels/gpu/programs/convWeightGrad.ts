/**
 * @file The gradient of a convolution in its weight: for each weight a sum over all outputs, cut into chunks that are summed
 * in parallel, then over the chunks. That makes threads enough, and keeps float32 sums short.
 *
 * Outputs are cut into segments of rows; a chunk is `segmentsPerChunk` of them.
 *
 * Four weights per thread, against one: blocks of 2×2 (filter, channel) take 0.41–0.48 of the time in `webgpu` (16, 32, 64
 * channels, 3×3 and 1×1) and 0.48–0.67 in `webasm`. Rows of the kernel take 0.44–0.88 at 3×3, and more than 1 at 1×1; but for
 * depthwise convolutions (3×3, 5×5) they take 0.20–0.57 and 0.63–0.71, where blocks take 0.8–2.2.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';

/**
 * The chunks' sums [chunk, filter, channel, kernelDepth, kernelHeight, 4 · kernelQuads], four neighbours of a kernel's row per
 * thread, where stride and dilation along the row are 1: from one output to the next the four inputs move on by one.
 */
export function convWeightGradRows(
  this: Kernel<
    | 'batch'
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
    | 'kernelQuads'
    | 'strideDepth'
    | 'strideHeight'
    | 'paddingDepth'
    | 'paddingHeight'
    | 'paddingWidth'
    | 'dilationDepth'
    | 'dilationHeight'
    | 'segmentsPerChunk'
    | 'segmentsPerRow'
    | 'segmentLength'
  >,
  cotangent: Cells,
  x: Cells,
): Quad {
  const kernelRow = quotient(this.thread.x, this.constants.kernelQuads);
  const kernelPlane = quotient(kernelRow, this.constants.kernelHeight);
  const pair = quotient(kernelPlane, this.constants.kernelDepth);
  const chunkFilter = quotient(pair, this.constants.channelsPerGroup);
  const chunk = quotient(chunkFilter, this.constants.filters);
  const filter = chunkFilter - chunk * this.constants.filters;
  const group = quotient(filter, this.constants.filtersPerGroup);
  const channel = group * this.constants.channelsPerGroup + pair - chunkFilter * this.constants.channelsPerGroup;
  const left = 4 * (this.thread.x - kernelRow * this.constants.kernelQuads) - this.constants.paddingWidth;
  const top =
    (kernelRow - kernelPlane * this.constants.kernelHeight) * this.constants.dilationHeight -
    this.constants.paddingHeight;
  const front =
    (kernelPlane - pair * this.constants.kernelDepth) * this.constants.dilationDepth - this.constants.paddingDepth;
  let segment = chunk * this.constants.segmentsPerChunk;
  let total0 = 0;
  let total1 = 0;
  let total2 = 0;
  let total3 = 0;
  for (let step = 0; step < this.constants.segmentsPerChunk; step++) {
    const row = quotient(segment, this.constants.segmentsPerRow);
    const first = (segment - row * this.constants.segmentsPerRow) * this.constants.segmentLength;
    const plane = quotient(row, this.constants.outHeight);
    const sample = quotient(plane, this.constants.outDepth);
    const atHeight = (row - plane * this.constants.outHeight) * this.constants.strideHeight + top;
    const atDepth = (plane - sample * this.constants.outDepth) * this.constants.strideDepth + front;
    if (
      sample < this.constants.batch &&
      atDepth >= 0 &&
      atDepth < this.constants.inDepth &&
      atHeight >= 0 &&
      atHeight < this.constants.inHeight
    ) {
      const volume = sample * this.constants.filters + filter;
      const inPlane = (sample * this.constants.channels + channel) * this.constants.inDepth + atDepth;
      const source = (inPlane * this.constants.inHeight + atHeight) * this.constants.inWidth;
      const gradient =
        (volume * this.constants.outDepth * this.constants.outHeight +
          row -
          sample * this.constants.outDepth * this.constants.outHeight) *
        this.constants.outWidth;
      const begin = left + first;
      let x0 = 0;
      let x1 = 0;
      let x2 = 0;
      if (begin >= 0 && begin < this.constants.inWidth) x0 = x[source + begin];
      if (begin >= -1 && begin < this.constants.inWidth - 1) x1 = x[source + begin + 1];
      if (begin >= -2 && begin < this.constants.inWidth - 2) x2 = x[source + begin + 2];
      for (let w = 0; w < this.constants.segmentLength; w++) {
        if (this.constants.segmentsPerRow < 2 || first + w < this.constants.outWidth) {
          const atWidth = begin + w + 3;
          let x3 = 0;
          if (atWidth >= 0 && atWidth < this.constants.inWidth) x3 = x[source + atWidth];
          const factor = cotangent[gradient + first + w];
          total0 += factor * x0;
          total1 += factor * x1;
          total2 += factor * x2;
          total3 += factor * x3;
          x0 = x1;
          x1 = x2;
          x2 = x3;
        }
      }
    }
    segment += 1;
  }
  return [total0, total1, total2, total3];
}

/**
 * The chunks' sums [chunk, group, filterPair, channelPair, kernel cell, 4], two filters times two channels per thread. A pair
 * that juts out computes its one member twice.
 */
export function convWeightGradBlocks(
  this: Kernel<
    | 'batch'
    | 'channels'
    | 'filters'
    | 'groups'
    | 'channelsPerGroup'
    | 'filtersPerGroup'
    | 'channelPairs'
    | 'filterPairs'
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
    | 'segmentsPerChunk'
    | 'segmentsPerRow'
    | 'segmentLength'
  >,
  cotangent: Cells,
  x: Cells,
): Quad {
  const kernelRow = quotient(this.thread.x, this.constants.kernelWidth);
  const kernelPlane = quotient(kernelRow, this.constants.kernelHeight);
  const block = quotient(kernelPlane, this.constants.kernelDepth);
  const blockRow = quotient(block, this.constants.channelPairs);
  const chunkGroup = quotient(blockRow, this.constants.filterPairs);
  const chunk = quotient(chunkGroup, this.constants.groups);
  const group = chunkGroup - chunk * this.constants.groups;
  const filter = 2 * (blockRow - chunkGroup * this.constants.filterPairs);
  const channel = 2 * (block - blockRow * this.constants.channelPairs);
  const firstVolume = group * this.constants.filtersPerGroup + filter;
  const firstSource = group * this.constants.channelsPerGroup + channel;
  const outVolume = this.constants.outDepth * this.constants.outHeight * this.constants.outWidth;
  const inVolume = this.constants.inDepth * this.constants.inHeight * this.constants.inWidth;
  const toNextFilter = outVolume * Math.min(1, this.constants.filtersPerGroup - 1 - filter);
  const toNextChannel = inVolume * Math.min(1, this.constants.channelsPerGroup - 1 - channel);
  const left =
    (this.thread.x - kernelRow * this.constants.kernelWidth) * this.constants.dilationWidth -
    this.constants.paddingWidth;
  const top =
    (kernelRow - kernelPlane * this.constants.kernelHeight) * this.constants.dilationHeight -
    this.constants.paddingHeight;
  const front =
    (kernelPlane - block * this.constants.kernelDepth) * this.constants.dilationDepth - this.constants.paddingDepth;
  let segment = chunk * this.constants.segmentsPerChunk;
  let total0 = 0;
  let total1 = 0;
  let total2 = 0;
  let total3 = 0;
  for (let step = 0; step < this.constants.segmentsPerChunk; step++) {
    const row = quotient(segment, this.constants.segmentsPerRow);
    const first = (segment - row * this.constants.segmentsPerRow) * this.constants.segmentLength;
    const plane = quotient(row, this.constants.outHeight);
    const sample = quotient(plane, this.constants.outDepth);
    const atHeight = (row - plane * this.constants.outHeight) * this.constants.strideHeight + top;
    const atDepth = (plane - sample * this.constants.outDepth) * this.constants.strideDepth + front;
    if (
      sample < this.constants.batch &&
      atDepth >= 0 &&
      atDepth < this.constants.inDepth &&
      atHeight >= 0 &&
      atHeight < this.constants.inHeight
    ) {
      const rowInSample = row - sample * this.constants.outDepth * this.constants.outHeight;
      let gradient =
        (sample * this.constants.filters + firstVolume) * outVolume + rowInSample * this.constants.outWidth + first;
      const source =
        (sample * this.constants.channels + firstSource) * inVolume +
        (atDepth * this.constants.inHeight + atHeight) * this.constants.inWidth;
      let atWidth = first * this.constants.strideWidth + left;
      for (let w = 0; w < this.constants.segmentLength; w++) {
        if (
          atWidth >= 0 &&
          atWidth < this.constants.inWidth &&
          (this.constants.segmentsPerRow < 2 || first + w < this.constants.outWidth)
        ) {
          const g0 = cotangent[gradient];
          const g1 = cotangent[gradient + toNextFilter];
          const x0 = x[source + atWidth];
          const x1 = x[source + atWidth + toNextChannel];
          total0 += g0 * x0;
          total1 += g0 * x1;
          total2 += g1 * x0;
          total3 += g1 * x1;
        }
        gradient += 1;
        atWidth += this.constants.strideWidth;
      }
    }
    segment += 1;
  }
  return [total0, total1, total2, total3];
}

/** The sum over chunks of `convWeightGradRows`, without the cells beyond the kernel's row. */
export function sumRowChunks(
  this: Kernel<'chunks' | 'chunkStride' | 'kernelWidth' | 'kernelQuads'>,
  sums: Cells,
): number {
  const kernelRow = quotient(this.thread.x, this.constants.kernelWidth);
  let at = this.thread.x - kernelRow * this.constants.kernelWidth + 4 * kernelRow * this.constants.kernelQuads;
  let total = 0;
  for (let chunk = 0; chunk < this.constants.chunks; chunk++) {
    total += sums[at];
    at += this.constants.chunkStride;
  }
  return total;
}

/** The sum over chunks of `convWeightGradBlocks`, filter by filter. */
export function sumBlockChunks(
  this: Kernel<
    'chunks' | 'chunkStride' | 'channelsPerGroup' | 'filtersPerGroup' | 'channelPairs' | 'filterPairs' | 'kernelVolume'
  >,
  sums: Cells,
): number {
  const pair = quotient(this.thread.x, this.constants.kernelVolume);
  const filter = quotient(pair, this.constants.channelsPerGroup);
  const channel = pair - filter * this.constants.channelsPerGroup;
  const group = quotient(filter, this.constants.filtersPerGroup);
  const filterInGroup = filter - group * this.constants.filtersPerGroup;
  const filterPair = quotient(filterInGroup, 2);
  const channelPair = quotient(channel, 2);
  const blockRow = group * this.constants.filterPairs + filterPair;
  const cell =
    (blockRow * this.constants.channelPairs + channelPair) * this.constants.kernelVolume +
    this.thread.x -
    pair * this.constants.kernelVolume;
  let at = 4 * cell + 2 * (filterInGroup - 2 * filterPair) + channel - 2 * channelPair;
  let total = 0;
  for (let chunk = 0; chunk < this.constants.chunks; chunk++) {
    total += sums[at];
    at += this.constants.chunkStride;
  }
  return total;
}
