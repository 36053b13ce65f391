/**
 * @file What convolution kernels are compiled for.
 */
import type { ConvGeometry } from '../convGeometry.js';
import type { Triple, WindowGeometry } from '../windowGeometry.js';

/** Sizes of the tensors. */
export function sizeConstants(geometry: ConvGeometry) {
  const { inChannels, outChannels, groups, input, output } = geometry;
  return {
    channels: inChannels,
    filters: outChannels,
    channelsPerGroup: inChannels / groups,
    filtersPerGroup: outChannels / groups,
    inDepth: input[0],
    inHeight: input[1],
    inWidth: input[2],
    outDepth: output[0],
    outHeight: output[1],
    outWidth: output[2],
  };
}

/** The window and its way. */
export function windowConstants({
  kernel,
  stride,
  padding,
  dilation,
}: Pick<WindowGeometry, 'kernel' | 'stride' | 'padding' | 'dilation'>) {
  return {
    kernelDepth: kernel[0],
    kernelHeight: kernel[1],
    kernelWidth: kernel[2],
    strideDepth: stride[0],
    strideHeight: stride[1],
    strideWidth: stride[2],
    paddingDepth: padding[0],
    paddingHeight: padding[1],
    paddingWidth: padding[2],
    dilationDepth: dilation[0],
    dilationHeight: dilation[1],
    dilationWidth: dilation[2],
  };
}

/** Steps through a weight [filters, channelsPerGroup, ...kernel]. */
export interface WeightWalk {
  readonly weightStart: number;
  readonly weightGroupStride: number;
  readonly weightFilterStride: number;
  readonly weightChannelStride: number;
  readonly weightCellStride: number;
}

export function forwardWalk(geometry: ConvGeometry): WeightWalk {
  const { channelsPerGroup, filtersPerGroup } = sizeConstants(geometry);
  const cells = volume(geometry.kernel);
  return {
    weightStart: 0,
    weightGroupStride: filtersPerGroup * channelsPerGroup * cells,
    weightFilterStride: channelsPerGroup * cells,
    weightChannelStride: cells,
    weightCellStride: 1,
  };
}

/** The window backwards, channels and filters exchanged. */
export function transposedWalk(geometry: ConvGeometry): WeightWalk {
  const forward = forwardWalk(geometry);
  return {
    ...forward,
    weightStart: volume(geometry.kernel) - 1,
    weightFilterStride: forward.weightChannelStride,
    weightChannelStride: forward.weightFilterStride,
    weightCellStride: -1,
  };
}

/** The convolution of the cotangent that gives the gradient in x of a convolution of stride 1. */
export function transposedGeometry(geometry: ConvGeometry): ConvGeometry {
  const { inChannels, outChannels, input, output, kernel, padding, dilation } = geometry;
  const reach = (axis: 0 | 1 | 2): number => dilation[axis] * (kernel[axis] - 1) - padding[axis];
  return {
    ...geometry,
    inChannels: outChannels,
    outChannels: inChannels,
    input: output,
    output: input,
    padding: [reach(0), reach(1), reach(2)],
  };
}

export function volume(axes: Triple): number {
  return axes[0] * axes[1] * axes[2];
}
