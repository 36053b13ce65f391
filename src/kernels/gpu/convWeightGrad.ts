/**
 * @file The gradient of a convolution in its weight, in two dispatches: sums over chunks of the outputs, and the sums of these.
 */
import type { ConvGeometry } from '../convGeometry.js';
import { sizeConstants, volume, windowConstants } from './convConstants.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { constantsOf } from './stridedConstants.js';

/** Threads that keep a large GPU busy. */
const TARGET_THREADS = 2 ** 16;
/** A sum so short isn't worth a cell of memory. */
const MIN_CHUNK = 64;
/** A float32 sum of so many terms is wrong by some 2⁻²⁰ of Σ |terms| at the worst. */
const MAX_CHUNK = 2048;
/** Longer rows are cut. */
const MAX_SEGMENT = 256;
/** Memory for the chunks' sums, and well within what indices reach. */
const MAX_SUMS = 2 ** 23;

/** How the outputs are cut. */
export interface Chunks {
  readonly segmentLength: number;
  readonly segmentsPerRow: number;
  readonly segmentsPerChunk: number;
  readonly chunks: number;
}

export function convWeightGrad(
  gpu: GpuRuntime,
  cotangent: GpuStorage,
  x: GpuStorage,
  geometry: ConvGeometry,
): GpuStorage {
  return hasRows(geometry) ? inKernelRows(gpu, cotangent, x, geometry) : inBlocks(gpu, cotangent, x, geometry);
}

/** Whether kernel rows can be had, and blocks would compute half of their cells twice: depthwise, or one channel. */
function hasRows({ stride, dilation, kernel, inChannels, outChannels, groups }: ConvGeometry): boolean {
  const slides = stride[2] === 1 && dilation[2] === 1 && kernel[2] > 1;
  return slides && (inChannels === groups || outChannels === groups);
}

function inKernelRows(gpu: GpuRuntime, cotangent: GpuStorage, x: GpuStorage, geometry: ConvGeometry): GpuStorage {
  const { batch, outChannels, inChannels, groups, kernel } = geometry;
  const kernelQuads = Math.ceil(kernel[2] / 4);
  const kernelRows = outChannels * (inChannels / groups) * kernel[0] * kernel[1];
  const cut = cutIntoChunks(geometry, kernelRows * kernelQuads);
  const chunkStride = 4 * kernelRows * kernelQuads;
  const sums = gpu.run('convWeightGrad', programs.convWeightGradRows, {
    inputs: { cotangent, x },
    constants: constantsOf(programs.convWeightGradRows, {
      batch,
      kernelQuads,
      ...sizeConstants(geometry),
      ...windowConstants(geometry),
      ...cut,
    }),
    length: cut.chunks * chunkStride,
  });
  const grad = gpu.run('convWeightGrad', programs.sumRowChunks, {
    inputs: { sums },
    constants: { chunks: cut.chunks, chunkStride, kernelWidth: kernel[2], kernelQuads },
    length: kernelRows * kernel[2],
  });
  gpu.free(sums);
  return grad;
}

function inBlocks(gpu: GpuRuntime, cotangent: GpuStorage, x: GpuStorage, geometry: ConvGeometry): GpuStorage {
  const { batch, groups } = geometry;
  const sizes = sizeConstants(geometry);
  const { channelsPerGroup, filtersPerGroup, filters } = sizes;
  const pairs = { channelPairs: Math.ceil(channelsPerGroup / 2), filterPairs: Math.ceil(filtersPerGroup / 2) };
  const kernelVolume = volume(geometry.kernel);
  const blocks = groups * pairs.filterPairs * pairs.channelPairs * kernelVolume;
  const cut = cutIntoChunks(geometry, blocks);
  const sums = gpu.run('convWeightGrad', programs.convWeightGradBlocks, {
    inputs: { cotangent, x },
    constants: constantsOf(programs.convWeightGradBlocks, {
      batch,
      groups,
      ...pairs,
      ...sizes,
      ...windowConstants(geometry),
      ...cut,
    }),
    length: cut.chunks * blocks * 4,
  });
  const grad = gpu.run('convWeightGrad', programs.sumBlockChunks, {
    inputs: { sums },
    constants: {
      chunks: cut.chunks,
      chunkStride: 4 * blocks,
      channelsPerGroup,
      filtersPerGroup,
      ...pairs,
      kernelVolume,
    },
    length: filters * channelsPerGroup * kernelVolume,
  });
  gpu.free(sums);
  return grad;
}

/** Chunks of which `threads` threads each sum one, for all weights. */
export function cutIntoChunks({ batch, output }: ConvGeometry, threads: number): Chunks {
  const segmentsPerRow = Math.ceil(output[2] / MAX_SEGMENT);
  const segmentLength = Math.ceil(output[2] / segmentsPerRow);
  const segments = batch * output[0] * output[1] * segmentsPerRow;
  const forThreads = Math.ceil((segments * threads) / TARGET_THREADS);
  const shortest = Math.ceil(MIN_CHUNK / segmentLength);
  const longest = Math.max(1, Math.floor(MAX_CHUNK / segmentLength));
  const forMemory = Math.ceil((segments * threads * 4) / MAX_SUMS);
  const segmentsPerChunk = Math.max(forMemory, shortest, Math.min(longest, forThreads));
  return { segmentLength, segmentsPerRow, segmentsPerChunk, chunks: Math.ceil(segments / segmentsPerChunk) };
}
