/**
 * @file Batch normalisation.
 */
import type { Kernels, NormParameters } from '../kernels.js';
import type { NormGeometry } from '../layouts.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import { type GpuStorage, partStride } from './gpuStorage.js';
import { sideBySide } from './sideBySide.js';

/** Shorter chunks aren't worth a thread; longer ones cost float32 sums their digits. */
const [MIN_CHUNK, MAX_CHUNK] = [16, 1024];

type NormKernels = Pick<Kernels<GpuStorage>, 'batchNormStatistics' | 'batchNorm' | 'batchNormGrad' | 'updateRunning'>;

export function normKernels(gpu: GpuRuntime): NormKernels {
  return {
    batchNormStatistics: (x, geometry) => {
      const { channels } = geometry;
      if (x.length === 0)
        return { mean: filled(gpu, channels, Number.NaN), variance: filled(gpu, channels, Number.NaN) };
      const cut = channelChunks(geometry);
      const { chunks, cellsPerChannel } = cut;
      const length = 4 * channels * chunks;
      const constants = { channels, inner: geometry.inner, ...cut };
      const moments = gpu.run('batchNormStatistics', programs.chunkMoments, { inputs: { x }, constants, length });
      const [mean, variance] = gpu.runParts('batchNormStatistics', programs.channelMoments, {
        inputs: { moments },
        scalars: { stride: partStride(channels) },
        constants: { channels, chunks, cellsPerChannel },
        lengths: [channels, channels],
      });
      gpu.free(moments);
      return { mean, variance };
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

    updateRunning: (running, observed, momentum, count) => {
      const { length } = running.mean;
      const [mean, variance] = gpu.runParts('updateRunning', programs.updateRunning, {
        inputs: { ...running, observedMean: observed.mean, observedVariance: observed.variance },
        scalars: { stride: partStride(length), cells: length, momentum, unbiased: count / (count - 1) },
        lengths: [length, length],
      });
      gpu.free(running.mean);
      gpu.free(running.variance);
      return { mean, variance };
    },
  };
}

/** Gradients of weight and bias. */
function parameterGrads(
  gpu: GpuRuntime,
  cotangent: GpuStorage,
  x: GpuStorage,
  norm: NormParameters<GpuStorage>,
  geometry: NormGeometry,
): [weight: GpuStorage, bias: GpuStorage] {
  const { channels, inner } = geometry;
  if (x.length === 0) return [filled(gpu, channels, 0), filled(gpu, channels, 0)];
  const cut = channelChunks(geometry);
  const sums = gpu.run('batchNormGrad', programs.chunkGradients, {
    inputs: { cotangent, x, ...tensorsOf(norm, x) },
    scalars: { eps: norm.eps },
    constants: { channels, inner, ...cut, ...switchesOf(norm) },
    length: 4 * channels * cut.chunks,
  });
  const grads = gpu.runParts('batchNormGrad', programs.channelGradients, {
    inputs: { sums },
    scalars: { stride: partStride(channels) },
    constants: { channels, chunks: cut.chunks },
    lengths: [channels, channels],
  });
  gpu.free(sums);
  return grads;
}

/** How the cells of a channel are cut; chunks/…Step and …Columns: see programs/batchNorm.ts. */
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
