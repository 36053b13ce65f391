/**
 * @file Convolution layers over one, two and three axes.
 */
import { ArgumentError } from '../errors.js';
import { type ConvCallOptions, conv1d, conv2d, conv3d } from '../ops/index.js';
import type { PerAxis } from '../ops/poolWindow.js';
import type { RandomOptions } from '../tensor/create.js';
import type { Parameter } from '../tensor/parameter.js';
import type { Tensor } from '../tensor/tensor.js';
import { defaultBias, defaultWeight, type Initializer } from './init.js';
import { Module } from './module.js';
import { ownedParameter } from './owned.js';
import { byRank, type Rank } from './rank.js';

export interface ConvLayerOptions extends Omit<ConvCallOptions, 'bias'>, Omit<RandomOptions, 'requiresGrad'> {
  readonly kernelSize: PerAxis;
  /** Whether to add a learned bias. Default true. */
  readonly bias?: boolean | undefined;
  /** How the weight begins. Default: PyTorch's, uniform within ±1/√fanIn. */
  readonly init?: Initializer | undefined;
}

/** What convolutions of all ranks share. */
export abstract class Conv extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly options: Omit<ConvCallOptions, 'bias'>;
  /** `[out, in/groups, ...kernel]` */
  readonly weight: Parameter;
  /** `[out]` */
  readonly bias: Parameter | undefined;
  readonly rank: Rank;

  constructor(rank: Rank, inChannels: number, outChannels: number, options: ConvLayerOptions) {
    super();
    const { kernelSize, bias = true, init = defaultWeight, dtype, backend, generator, ...convolution } = options;
    const { groups = 1 } = convolution;
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ArgumentError(
        `Conv${rank}d: groups must divide the channels in (${inChannels}) and out (${outChannels}), got ${groups}`,
      );
    }
    const kernel = typeof kernelSize === 'number' ? new Array<number>(rank).fill(kernelSize) : kernelSize;
    const shape = [outChannels, inChannels / groups, ...kernel];
    const random = { dtype, backend, generator };
    this.rank = rank;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.options = convolution;
    this.weight = ownedParameter(init(shape, random));
    this.bias = bias ? ownedParameter(defaultBias(outChannels, shape, random)) : undefined;
  }

  override forward(x: Tensor): Tensor {
    return byRank(this.rank, conv1d, conv2d, conv3d)(x, this.weight, { ...this.options, bias: this.bias });
  }
}

/** `[N, C, L]` → `[N, out, L']`. */
export class Conv1d extends Conv {
  constructor(inChannels: number, outChannels: number, options: ConvLayerOptions) {
    super(1, inChannels, outChannels, options);
  }
}

/** `[N, C, H, W]` → `[N, out, H', W']`. */
export class Conv2d extends Conv {
  constructor(inChannels: number, outChannels: number, options: ConvLayerOptions) {
    super(2, inChannels, outChannels, options);
  }
}

/** `[N, C, D, H, W]` → `[N, out, D', H', W']`. */
export class Conv3d extends Conv {
  constructor(inChannels: number, outChannels: number, options: ConvLayerOptions) {
    super(3, inChannels, outChannels, options);
  }
}
