/**
 * @file Random convolutions that fit: strides, padding, dilation, groups.
 */
import fc from 'fast-check';
import type { Shape } from '../../tensor/shape.js';

/** The shapes and options of a convolution, ready to be passed on. */
export interface Convolution {
  /** `[N, C, ...spatial]` */
  readonly shape: Shape;
  /** `[out, C/groups, ...kernel]` */
  readonly weightShape: Shape;
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

export interface ConvolutionConstraints {
  /** Largest kernel on an axis. Default 3. */
  readonly maxKernel?: number;
  /** Most channels of one group, in and out. Default 2. */
  readonly maxChannels?: number;
  /** Most groups. Default 3. */
  readonly maxGroups?: number;
  /** How many cells an axis may be larger than one window. Default 3. */
  readonly maxExtra?: number;
}

/** Convolutions for `conv1d`. */
export function convolution1d(constraints?: ConvolutionConstraints): fc.Arbitrary<Convolution> {
  return convolution(1, constraints);
}

/** Convolutions for `conv2d`. */
export function convolution2d(constraints?: ConvolutionConstraints): fc.Arbitrary<Convolution> {
  return convolution(2, constraints);
}

/** Convolutions for `conv3d`. */
export function convolution3d(constraints?: ConvolutionConstraints): fc.Arbitrary<Convolution> {
  return convolution(3, constraints);
}

function convolution(rank: 1 | 2 | 3, constraints: ConvolutionConstraints = {}): fc.Arbitrary<Convolution> {
  const { maxKernel = 3, maxChannels = 2, maxGroups = 3, maxExtra = 3 } = constraints;
  const axis = fc
    .record({
      kernel: fc.integer({ min: 1, max: maxKernel }),
      stride: fc.integer({ min: 1, max: 3 }),
      dilation: fc.integer({ min: 1, max: 2 }),
      padding: fc.nat({ max: 2 }),
      extra: fc.nat({ max: maxExtra }),
    })
    .map((drawn) => ({
      ...drawn,
      size: Math.max(1, drawn.dilation * (drawn.kernel - 1) + 1 - 2 * drawn.padding) + drawn.extra,
    }));
  const channels = fc.integer({ min: 1, max: maxChannels });
  return fc
    .record({
      batch: fc.integer({ min: 1, max: 2 }),
      groups: fc.integer({ min: 1, max: maxGroups }),
      inPerGroup: channels,
      outPerGroup: channels,
      axes: fc.array(axis, { minLength: rank, maxLength: rank }),
    })
    .map(({ batch, groups, inPerGroup, outPerGroup, axes }) => ({
      shape: [batch, groups * inPerGroup, ...axes.map(({ size }) => size)],
      weightShape: [groups * outPerGroup, inPerGroup, ...axes.map(({ kernel }) => kernel)],
      stride: axes.map(({ stride }) => stride),
      padding: axes.map(({ padding }) => padding),
      dilation: axes.map(({ dilation }) => dilation),
      groups,
    }));
}
