/**
 * @file Strided convolution in the place of pooling (Springenberg, Dosovitskiy, Brox and Riedmiller, "Striving for simplicity: the
 * all convolutional net", ICLR workshop 2015): the kernel is the window, and mixes the channels.
 *
 *   y[o] = Σ over c, i of W[o, c, i] xᵢ[c] + b[o]      ∂y[o]/∂xᵢ[c] = W[o, c, i]      ∂y[o]/∂W[o, c, i] = xᵢ[c]
 *
 * Padded cells are zeros, which add nothing. Weights begin as those of any convolution here, uniform within ±1/√(C |R|).
 */
import { windowConv } from '../../ops/windowConv.js';
import type { Parameter } from '../../tensor/parameter.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defaultBias, defaultWeight } from '../init.js';
import { ownedParameter } from '../owned.js';
import type { Rank } from '../rank.js';
import { kernelOf, labelOf, PoolLayer, windowOn } from './poolLayer.js';
import { channelsOf, type PoolStrategy } from './poolStrategy.js';
import type { RandomPoolLayerOptions } from './stochasticPool.js';

/** Strided convolution over one, two or three axes, as many channels out as in. */
export class ConvPool extends PoolLayer {
  /** `[C, C, ...kernel]` */
  readonly weight: Parameter;
  /** `[C]` */
  readonly bias: Parameter;

  /** @throws ArgumentError without `channels` */
  constructor(rank: Rank, options: RandomPoolLayerOptions) {
    super(rank, options);
    const channels = channelsOf(labelOf(this), options);
    const shape = [channels, channels, ...kernelOf(this)];
    const { generator } = options;
    this.weight = ownedParameter(defaultWeight(shape, { generator }));
    this.bias = ownedParameter(defaultBias(channels, shape, { generator }));
  }

  override forward(x: Tensor): Tensor {
    return windowConv(x, this.weight, windowOn(this, x), this.bias);
  }
}

export const conv: PoolStrategy = {
  summary: 'a strided convolution',
  formula: 'y[o] = Σ W[o, c, i] xᵢ[c] + b[o]',
  learns: 'W and b',
  source: 'Springenberg et al., ICLR 2015',
  needsChannels: true,
  create: ({ rank, ...options }) => new ConvPool(rank, options),
};
