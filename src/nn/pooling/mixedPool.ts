/**
 * @file Mixed max-average pooling (Lee, Gallagher and Tu, "Generalizing pooling functions in convolutional neural networks: mixed,
 * gated, and tree", AISTATS 2016): one learned proportion for the layer.
 *
 *   y = α max xᵢ + (1 − α) Σ xᵢ / |R|      ∂y/∂xᵢ = α [i is the maximum] + (1 − α) / |R|      ∂y/∂α = max xᵢ − mean xᵢ
 *
 * α = σ(a) with a learned from 0 on, so α begins at 1/2 and stays between 0 and 1; the paper learns α itself. A given `alpha` is
 * held: 0 is average, 1 is max pooling.
 */
import { ArgumentError } from '../../errors.js';
import { windowMean } from '../../ops/avgPool.js';
import { add, mul, sigmoid, sub } from '../../ops/index.js';
import { windowMax } from '../../ops/maxPool.js';
import { zeros } from '../../tensor/create.js';
import type { Parameter } from '../../tensor/parameter.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ownedParameter } from '../owned.js';
import type { Rank } from '../rank.js';
import { labelOf, PoolLayer, type PoolLayerOptions, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

export interface MixedPoolLayerOptions extends PoolLayerOptions {
  /** A fixed proportion of the maximum, from 0 to 1. Default: learned. */
  readonly alpha?: number | undefined;
}

/** Mixed max-average pooling over one, two or three axes. */
export class MixedPool extends PoolLayer {
  /** The proportion of the maximum, where it is fixed. */
  readonly alpha: number | undefined;
  /** a, `[1]`, where the proportion is learned. */
  readonly logit: Parameter | undefined;

  /** @throws ArgumentError if `alpha` isn't between 0 and 1 */
  constructor(rank: Rank, options: MixedPoolLayerOptions) {
    super(rank, options);
    const { alpha } = options;
    if (alpha !== undefined && !(alpha >= 0 && alpha <= 1)) {
      throw new ArgumentError(`${labelOf(this)}: alpha must lie between 0 and 1, got ${alpha}`);
    }
    this.alpha = alpha;
    this.logit = alpha === undefined ? ownedParameter(zeros(1)) : undefined;
  }

  override forward(x: Tensor): Tensor {
    const window = windowOn(this, x);
    const mean = windowMean(x, window);
    const proportion = this.logit ? sigmoid(this.logit) : (this.alpha ?? 0);
    return add(mean, mul(sub(windowMax(x, window), mean), proportion));
  }
}

export const mixed: PoolStrategy = {
  summary: 'a learned mixture of maximum and mean',
  formula: 'y = α max xᵢ + (1 − α) Σ xᵢ / |R|, α = σ(a)',
  learns: 'a',
  source: 'Lee et al., AISTATS 2016',
  create: ({ rank, ...options }) => new MixedPool(rank, options),
};
