/**
 * @file Convolution and its gradients.
 */
import type { ConvGeometry } from '../convGeometry.js';
import type { Activation, Kernels } from '../kernels.js';
import {
  forwardWalk,
  sizeConstants,
  transposedGeometry,
  transposedWalk,
  volume,
  type WeightWalk,
  windowConstants,
} from './convConstants.js';
import { convWeightGrad } from './convWeightGrad.js';
import * as programs from './generated/programs.js';
import type { GpuRuntime } from './gpuRuntime.js';
import type { GpuStorage } from './gpuStorage.js';
import { epilogueConstants } from './matmulKernels.js';
import { constantsOf } from './stridedConstants.js';
import { withoutEmpty } from './withoutEmpty.js';

export function convKernels(gpu: GpuRuntime): Pick<Kernels<GpuStorage>, 'conv' | 'convInputGrad' | 'convWeightGrad'> {
  return {
    conv: (x, weight, bias, geometry, activation) =>
      withoutEmpty(gpu, 'conv', [x, weight], (source, filters) =>
        convolve(gpu, 'conv', { x: source, weight: filters, bias, activation }, geometry, forwardWalk(geometry)),
      ),

    convInputGrad: (cotangent, weight, geometry) =>
      withoutEmpty(gpu, 'convInputGrad', [cotangent, weight], (source, filters) =>
        geometry.stride.every((stride) => stride === 1)
          ? convolve(
              gpu,
              'convInputGrad',
              { x: source, weight: filters, bias: undefined, activation: 'none' },
              transposedGeometry(geometry),
              transposedWalk(geometry),
            )
          : stridedInputGrad(gpu, source, filters, geometry),
      ),

    convWeightGrad: (cotangent, x, geometry) => {
      if (cotangent.length > 0 && x.length > 0) return convWeightGrad(gpu, cotangent, x, geometry);
      const { outChannels, inChannels, groups, kernel } = geometry;
      const length = outChannels * (inChannels / groups) * volume(kernel);
      return gpu.run('convWeightGrad', programs.fill, { inputs: {}, scalars: { value: 0 }, length });
    },
  };
}

interface Operands {
  readonly x: GpuStorage;
  readonly weight: GpuStorage;
  readonly bias: GpuStorage | undefined;
  readonly activation: Activation;
}

function convolve(
  gpu: GpuRuntime,
  operation: string,
  { x, weight, bias, activation }: Operands,
  geometry: ConvGeometry,
  walk: WeightWalk,
): GpuStorage {
  const { batch, outChannels, output, stride, dilation } = geometry;
  const inputs = { x, weight, bias: bias ?? x };
  const length = batch * outChannels * volume(output);
  const constants = {
    ...sizeConstants(geometry),
    ...windowConstants(geometry),
    ...walk,
    ...epilogueConstants(bias, activation),
    rowQuads: output[2] / 4,
  };
  if (stride[2] === 1 && dilation[2] === 1 && output[2] % 4 === 0) {
    return gpu.run(operation, programs.convQuad, {
      inputs,
      constants: constantsOf(programs.convQuad, constants),
      length,
    });
  }
  return gpu.run(operation, programs.conv, { inputs, constants: constantsOf(programs.conv, constants), length });
}

function stridedInputGrad(
  gpu: GpuRuntime,
  cotangent: GpuStorage,
  weight: GpuStorage,
  geometry: ConvGeometry,
): GpuStorage {
  return gpu.run('convInputGrad', programs.convInputGrad, {
    inputs: { cotangent, weight },
    constants: constantsOf(programs.convInputGrad, { ...sizeConstants(geometry), ...windowConstants(geometry) }),
    length: geometry.batch * geometry.inChannels * volume(geometry.input),
  });
}
