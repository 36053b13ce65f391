/**
 * @file The geometry of a convolution: windows, channels and groups.
 */
import { ArgumentError, ShapeError } from '../errors.js';
import { outputSizes, type PerAxis, perAxis, type Triple, triple } from './windowGeometry.js';

/** What a user says about a convolution besides its weight. */
export interface ConvOptions {
  /** Default 1. */
  readonly stride?: PerAxis | undefined;
  /** Zeros added on both sides of each axis. Default 0. */
  readonly padding?: PerAxis | undefined;
  /** Distance between the cells of a window. Default 1. */
  readonly dilation?: PerAxis | undefined;
  /** Independent groups of channels. Default 1. */
  readonly groups?: number | undefined;
}

/** A checked convolution: x [batch, inChannels, ...input], weight [outChannels, inChannels/groups, ...kernel]. */
export interface ConvGeometry {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  readonly input: Triple;
  readonly output: Triple;
  readonly kernel: Triple;
  readonly stride: Triple;
  readonly padding: Triple;
  readonly dilation: Triple;
}

/**
 * The geometry of `operation` over a batched `shape` and a `weight` shape.
 *
 * @throws ShapeError if ranks or channels don't fit or a window exceeds the padded input
 * @throws ArgumentError if an option is out of range
 */
export function convGeometry(
  operation: string,
  shape: readonly number[],
  weight: readonly number[],
  rank: 1 | 2 | 3,
  options: ConvOptions,
): ConvGeometry {
  const groups = options.groups ?? 1;
  const { batch, inChannels, outChannels } = checkChannels(operation, shape, weight, rank, groups);
  const kernel = weight.slice(2);
  const spatial = shape.slice(2);
  const stride = perAxis(operation, 'stride', options.stride ?? 1, rank, 1);
  const padding = perAxis(operation, 'padding', options.padding ?? 0, rank, 0);
  const dilation = perAxis(operation, 'dilation', options.dilation ?? 1, rank, 1);
  const output = outputSizes({ operation, firstAxis: 2 }, spatial, { kernel, stride, padding, dilation }, false);
  return {
    batch,
    inChannels,
    outChannels,
    groups,
    input: triple(spatial, 1),
    output: triple(output, 1),
    kernel: triple(kernel, 1),
    stride: triple(stride, 1),
    padding: triple(padding, 0),
    dilation: triple(dilation, 1),
  };
}

function checkChannels(
  operation: string,
  shape: readonly number[],
  weight: readonly number[],
  rank: number,
  groups: number,
): { batch: number; inChannels: number; outChannels: number } {
  const axes = ['L', 'H, W', 'D, H, W'][rank - 1];
  const [batch, inChannels] = shape;
  const [outChannels, channelsPerGroup] = weight;
  if (shape.length !== rank + 2 || batch === undefined || inChannels === undefined) {
    throw new ShapeError(`${operation}: input must be [N, C, ${axes}] or [C, ${axes}], got [${shape}]`);
  }
  if (weight.length !== rank + 2 || outChannels === undefined || channelsPerGroup === undefined) {
    throw new ShapeError(
      `${operation}: weight must be [out, in/groups, ...kernel] of rank ${rank + 2}, got [${weight}]`,
    );
  }
  if (weight.slice(2).some((size) => size < 1)) {
    throw new ShapeError(`${operation}: the kernel of weight [${weight}] must have at least one cell on every axis`);
  }
  if (!Number.isInteger(groups) || groups < 1 || outChannels % groups !== 0 || inChannels % groups !== 0) {
    throw new ArgumentError(
      `${operation}: groups must divide the channels in (${inChannels}) and out (${outChannels}), got ${groups}`,
    );
  }
  if (channelsPerGroup * groups !== inChannels) {
    throw new ShapeError(
      `${operation}: weight [${weight}] expects ${channelsPerGroup * groups} input channels (${groups} groups), input [${shape}] has ${inChannels}`,
    );
  }
  return { batch, inChannels, outChannels };
}
