/**
 * @file AdaPool (Stergiou and Poppe, "AdaPool: exponential adaptive pooling for information-retaining downsampling", IEEE
 * Transactions on Image Processing 2023): a learned mixture of the similarity to the mean (eDSCW) and the exponential maximum
 * (SoftPool).
 *
 *   y = β eDSCW(x) + (1 − β) SoftPool(x)      ∂y/∂x as theirs, mixed      ∂y/∂β = eDSCW(x) − SoftPool(x)
 *
 * β = σ(b) with b learned from 0 on, so β begins at 1/2 and stays between 0 and 1; the published code clamps β instead, which
 * leaves it without a gradient beyond. The paper's β is a mask of the output's size, and ties the network to one input size; with
 * `maskSize` it is that. The default is one β per channel.
 */
import { ArgumentError } from '../../errors.js';
import { add, mul, sigmoid, softPool1d, softPool2d, softPool3d, sub } from '../../ops/index.js';
import { zeros } from '../../tensor/create.js';
import type { Parameter } from '../../tensor/parameter.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ownedParameter } from '../owned.js';
import { byRank, type Rank } from '../rank.js';
import { diceSorensenMean } from './edscwPool.js';
import { labelOf, PoolLayer, type PoolLayerOptions, windowOn } from './poolLayer.js';
import { channelsOf, type PoolStrategy } from './poolStrategy.js';

export interface AdaPoolLayerOptions extends PoolLayerOptions {
  /** A fixed β from 0, SoftPool, to 1, eDSCW. Default: learned. */
  readonly beta?: number | undefined;
  /** The spatial size of the output, for a β per position in place of one per channel. */
  readonly maskSize?: readonly number[] | undefined;
}

/** AdaPool over one, two or three axes. */
export class AdaPool extends PoolLayer {
  /** β, where it is fixed. */
  readonly beta: number | undefined;
  /** b, where β is learned: `[C, 1, …]`, or of the output's spatial size. */
  readonly logit: Parameter | undefined;

  /** @throws ArgumentError if `beta` isn't between 0 and 1, or neither `channels`, `maskSize` nor `beta` is given */
  constructor(rank: Rank, options: AdaPoolLayerOptions) {
    super(rank, options);
    const { beta, maskSize } = options;
    if (beta !== undefined && !(beta >= 0 && beta <= 1)) {
      throw new ArgumentError(`${labelOf(this)}: beta must lie between 0 and 1, got ${beta}`);
    }
    if (maskSize && maskSize.length !== rank) {
      throw new ArgumentError(`${labelOf(this)}: maskSize must have ${rank} axes, got [${maskSize}]`);
    }
    this.beta = beta;
    if (beta === undefined) {
      this.logit = ownedParameter(
        zeros(maskSize ?? [channelsOf(labelOf(this), options), ...new Array<number>(rank).fill(1)]),
      );
    }
  }

  override forward(x: Tensor): Tensor {
    const similar = diceSorensenMean(x, windowOn(this, x));
    const largest = byRank(this.rank, softPool1d, softPool2d, softPool3d)(x, this.window);
    const beta = this.logit ? sigmoid(this.logit) : (this.beta ?? 0);
    return add(largest, mul(sub(similar, largest), beta));
  }
}

export const ada: PoolStrategy = {
  summary: 'a learned mixture of edscw and soft (AdaPool)',
  formula: 'y = β edscw(x) + (1 − β) soft(x), β = σ(b)',
  learns: 'b per channel',
  source: 'Stergiou and Poppe, TIP 2023',
  needsChannels: true,
  create: ({ rank, ...options }) => new AdaPool(rank, options),
};
