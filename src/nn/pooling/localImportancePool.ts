/**
 * @file Local importance pooling, LIP (Gao, Wang and Wu, "LIP: local importance-based pooling", ICCV 2019), light: the logits come
 * from a 1×1 convolution and a gate.
 *
 *   y = Σ wᵢxᵢ with w = softmax(G(x)) over the window      G(x) = 12 σ(W x + b)
 *   ∂y/∂xₖ = wₖ + Σ wᵢ(xᵢ − y) ∂Gᵢ/∂xₖ      ∂y/∂Gᵢ = wᵢ(xᵢ − y)
 *
 * W mixes the channels of one position. It begins at 0, as published: average pooling. The gate keeps the logits of a window
 * within 12 of each other, so no cell is ever lost to the gradient. The paper's larger variants convolve 3×3 and normalise.
 */
import { conv1d, conv2d, conv3d, mul, sigmoid } from '../../ops/index.js';
import { zeros } from '../../tensor/create.js';
import type { Parameter } from '../../tensor/parameter.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { ownedParameter } from '../owned.js';
import { byRank, type Rank } from '../rank.js';
import { ImportancePool } from './importancePool.js';
import type { PoolLayerOptions } from './poolLayer.js';
import { channelsOf, type PoolStrategy } from './poolStrategy.js';

/** The largest logit, the paper's choice. */
const GAIN = 12;

/** G(x) = 12 σ(W x + b). */
export class GatedLogits extends Module {
  readonly rank: Rank;
  /** W, `[C, C, 1, …]`. */
  readonly weight: Parameter;
  /** b, `[C]`. */
  readonly bias: Parameter;

  constructor(rank: Rank, channels: number) {
    super();
    this.rank = rank;
    this.weight = ownedParameter(zeros([channels, channels, ...new Array<number>(rank).fill(1)]));
    this.bias = ownedParameter(zeros(channels));
  }

  override forward(x: Tensor): Tensor {
    return mul(sigmoid(byRank(this.rank, conv1d, conv2d, conv3d)(x, this.weight, { bias: this.bias })), GAIN);
  }
}

/** Local importance pooling over one, two or three axes. */
export class LocalImportancePool extends ImportancePool {
  /** @throws ArgumentError without `channels` */
  constructor(rank: Rank, options: PoolLayerOptions) {
    super(rank, { ...options, logits: new GatedLogits(rank, channelsOf(`LocalImportancePool${rank}d`, options)) });
  }
}

export const lip: PoolStrategy = {
  summary: 'importance pooling with logits from a 1×1 convolution and a gate (LIP, light)',
  formula: 'y = Σ wᵢxᵢ, w = softmax(12 σ(Wx + b))',
  learns: 'W and b over the channels',
  source: 'Gao et al., ICCV 2019',
  needsChannels: true,
  create: ({ rank, ...options }) => new LocalImportancePool(rank, options),
};
