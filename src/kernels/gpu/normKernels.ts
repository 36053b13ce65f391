/**
 * @file Batch normalisation.
 */
import type { Kernels, NormParameters, NormStatistics, RunningMoments } from '../kernels.js';
import type { NormGeometry } from '../layouts.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import { type GpuStorage, partStride } from './gpuStorage.js';
import { sideBySide } from './sideBySide.js';

/** Shorter chunks aren't worth a thread; longer ones cost float32 sums their digits. */
const [MIN_CHUNK, MAX_CHUNK] = [16, 1024];
/** Channels of so few cells are one thread's work each: with chunks there would be a second dispatch, which costs more. */
const MAX_WHOLE = 4096;

type NormKernels = Pick<Kernels<GpuStorage>, 'batchNormStatistics' | 'batchNorm' | 'batchNormGrad'>;

export function normKernels(gpu: GpuRuntime): NormKernels {
  return {
    batchNormStatistics: (x, geometry, running) => {
      if (x.length === 0) return nowhere(gpu, geometry.channels, running);
      const [mean, variance, movedMean, movedVariance] = moments(gpu, x, geometry, running);
      return { mean, variance, running: running && { mean: movedMean, variance: movedVariance } };
    },

    batchNorm: (x, norm, { channels, inner }) => {
      const inputs = { x, ...tensorsOf(norm, x) };
      const scalars = { eps: norm.eps };
      const constants = { channels, ...switchesOf(norm) };
      const { length } = x;
      if (inner % 4 !== 0)
        return gpu.run('batchNorm', programs.batchNorm, {
          inputs,
          scalars,
          constants: { ...constants, inner },
          length,
        });
      const quads = { ...constants, rowQuads: inner / 4 };
      return gpu.run('batchNorm', programs.batchNormQuads, { inputs, scalars, constants: quads, length });
    },

    batchNormGrad: (cotangent, x, norm, geometry, batchStatistics) => {
      const { channels, inner } = geometry;
      const [weight, bias] = parameterGrads(gpu, cotangent, x, norm, geometry);
      const sums = sideBySide(gpu, 'batchNormGrad', [weight, bias]);
      const grad = gpu.run('batchNormGrad', programs.batchNormInputGrad, {
        inputs: { cotangent, x, ...tensorsOf(norm, x), sums: sums.whole },
        scalars: { eps: norm.eps, share: channels / x.length, stride: partStride(channels) },
        constants: { channels, inner, ...switchesOf(norm), hasBatchStatistics: Number(batchStatistics) },
        length: x.length,
      });
      sums.free();
      return { x: grad, weight, bias };
    },
  };
}

type Moments4 = [mean: GpuStorage, variance: GpuStorage, movedMean: GpuStorage, movedVariance: GpuStorage];

/** Mean and variance of each channel, and where running ones move; without any, two empty storages. */
function moments(
  gpu: GpuRuntime,
  x: GpuStorage,
  geometry: NormGeometry,
  running: RunningMoments<GpuStorage> | undefined,
): Moments4 {
  const { outer, channels, inner } = geometry;
  const followers = running ? channels : 0;
  const lengths = [channels, channels, followers, followers] as const;
  const count = outer * inner;
  const { mean: runningMean = x, variance: runningVariance = x, momentum = 0 } = running ?? {};
  const call = {
    scalars: { stride: partStride(channels), momentum, unbiased: count / (count - 1) },
    lengths,
  };
  const before = { runningMean, runningVariance };
  if (isWhole(geometry)) {
    const inputs = { x, ...before };
    const constants = { rowsPerChannel: outer, channels, inner };
    return gpu.runParts('batchNormStatistics', programs.wholeMoments, { ...call, inputs, constants });
  }
  const cut = channelChunks(geometry);
  const { chunks, cellsPerChannel } = cut;
  const chunkMoments = gpu.run('batchNormStatistics', programs.chunkMoments, {
    inputs: { x },
    constants: { channels, inner, ...cut },
    length: 4 * channels * chunks,
  });
  const result = gpu.runParts('batchNormStatistics', programs.channelMoments, {
    ...call,
    inputs: { moments: chunkMoments, ...before },
    constants: { channels, chunks, cellsPerChannel },
  });
  gpu.free(chunkMoments);
  return result;
}

/** The moments of no cells. */
function nowhere(gpu: GpuRuntime, channels: number, running: object | undefined): NormStatistics<GpuStorage> {
  const moments = () => ({ mean: filled(gpu, channels, Number.NaN), variance: filled(gpu, channels, Number.NaN) });
  return { ...moments(), running: running && moments() };
}

/** Gradients of weight and bias. */
function parameterGrads(
  gpu: GpuRuntime,
  cotangent: GpuStorage,
  x: GpuStorage,
  norm: NormParameters<GpuStorage>,
  geometry: NormGeometry,
): [weight: GpuStorage, bias: GpuStorage] {
  const { outer, channels, inner } = geometry;
  if (x.length === 0) return [filled(gpu, channels, 0), filled(gpu, channels, 0)];
  const inputs = { cotangent, x, ...tensorsOf(norm, x) };
  const stride = partStride(channels);
  const lengths = [channels, channels] as const;
  if (isWhole(geometry)) {
    return gpu.runParts('batchNormGrad', programs.wholeGradients, {
      inputs,
      scalars: { eps: norm.eps, stride },
      constants: { rowsPerChannel: outer, channels, inner, ...switchesOf(norm) },
      lengths,
    });
  }
  const cut = channelChunks(geometry);
  const sums = gpu.run('batchNormGrad', programs.chunkGradients, {
    inputs,
    scalars: { eps: norm.eps },
    constants: { channels, inner, ...cut, ...switchesOf(norm) },
    length: 4 * channels * cut.chunks,
  });
  const grads = gpu.runParts('batchNormGrad', programs.channelGradients, {
    inputs: { sums },
    scalars: { stride },
    constants: { channels, chunks: cut.chunks },
    lengths,
  });
  gpu.free(sums);
  return grads;
}

function isWhole({ outer, inner }: NormGeometry): boolean {
  return outer * inner <= MAX_WHOLE && inner <= MAX_CHUNK;
}

/** How the cells of a channel are cut; chunks/…Step and …Columns: see programs/batchNormStatistics.ts. */
interface ChannelChunks {
  readonly chunks: number;
  readonly cellsPerChunk: number;
  readonly cellsPerChannel: number;
  readonly chunkStep: number;
  readonly chunkColumns: number;
  readonly rowGap: number;
}

/** About as many chunks as each has cells, so that both stages are short. */
export function channelChunks({ outer, channels, inner }: NormGeometry): ChannelChunks {
  const cellsPerChannel = outer * inner;
  const balanced = Math.min(MAX_CHUNK, Math.max(MIN_CHUNK, Math.ceil(Math.sqrt(cellsPerChannel))));
  const chunks = Math.ceil(cellsPerChannel / balanced);
  const [rows, chunkColumns] = [Math.floor(chunks / inner), chunks % inner];
  return {
    chunks,
    cellsPerChunk: Math.ceil(cellsPerChannel / chunks),
    cellsPerChannel,
    chunkStep: rows * channels * inner + chunkColumns,
    chunkColumns,
    rowGap: (channels - 1) * inner,
  };
}

/** What a normalisation reads besides x, which stands in for what is absent. */
function tensorsOf({ mean, variance, weight, bias }: NormParameters<GpuStorage>, x: GpuStorage) {
  return { mean, variance, weight: weight ?? x, bias: bias ?? x };
}

function switchesOf({ weight, bias, activation }: NormParameters<GpuStorage>) {
  return {
    hasWeight: Number(weight !== undefined),
    hasBias: Number(bias !== undefined),
    hasRelu: Number(activation === 'relu'),
  };
}

function filled(gpu: GpuRuntime, length: number, value: number): GpuStorage {
  return gpu.run('fill', programs.fill, { inputs: {}, scalars: { value }, length });
}
