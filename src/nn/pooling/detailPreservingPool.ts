/**
 * @file Detail-preserving pooling, DPP (Saeedan, Weber, Goesele and Roth, "Detail-preserving pooling in deep networks", CVPR 2018),
 * in its light symmetric variant: cells weigh in by how far they are from the mean of their window.
 *
 *   w̃ᵢ = α + ((xᵢ − x̄)² + ε²)^(λ/2)      y = Σ w̃ᵢxᵢ / Σ w̃ⱼ      x̄ = Σ xᵢ / |R|      ε = 10⁻³
 *   ∂y/∂xₖ = wₖ + Σ wᵢ(xᵢ − y) ∂ln w̃ᵢ/∂xₖ
 *   ∂ln w̃ᵢ/∂xₖ = λ (xᵢ − x̄) ([i = k] − 1/|R|) ((xᵢ − x̄)² + ε²)^(λ/2 − 1) / w̃ᵢ
 *
 * α = eᵃ and λ = eˡ per channel, with a and l learned from 0 on; the published code draws them from [0, 1). Light: x̄ is the plain
 * mean, where the full version filters. Symmetric: details above and below the mean count alike. λ → 0 and α → ∞ are average
 * pooling. A constant window gives its constant.
 */
import { windowMean } from '../../ops/avgPool.js';
import { add, exp, log, mul, pow, sub } from '../../ops/index.js';
import { WindowCells } from '../../ops/windowCells.js';
import { zeros } from '../../tensor/create.js';
import type { Parameter } from '../../tensor/parameter.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ownedParameter } from '../owned.js';
import type { Rank } from '../rank.js';
import { labelOf, PoolLayer, type PoolLayerOptions, windowOn } from './poolLayer.js';
import { channelsOf, type PoolStrategy } from './poolStrategy.js';

const EPSILON = 1e-3;

/** Detail-preserving pooling over one, two or three axes. */
export class DetailPreservingPool extends PoolLayer {
  /** ln α, `[C]`. */
  readonly logAlpha: Parameter;
  /** ln λ, `[C]`. */
  readonly logLambda: Parameter;

  /** @throws ArgumentError without `channels` */
  constructor(rank: Rank, options: PoolLayerOptions) {
    super(rank, options);
    const channels = channelsOf(labelOf(this), options);
    this.logAlpha = ownedParameter(zeros(channels));
    this.logLambda = ownedParameter(zeros(channels));
  }

  override forward(x: Tensor): Tensor {
    const window = windowOn(this, x);
    const cells = new WindowCells(x, window);
    const mean = windowMean(x, window);
    const details = sub(cells.values, cells.spread(mean));
    const logSquares = log(add(pow(details, 2), EPSILON ** 2));
    const rewards = exp(mul(logSquares, cells.perChannel(mul(exp(this.logLambda), 0.5))));
    const weights = add(rewards, cells.perChannel(exp(this.logAlpha)));
    return add(mean, cells.weightedMean(weights, details));
  }
}

export const dpp: PoolStrategy = {
  summary: 'cells weighted by their distance from the mean, learned (DPP, light)',
  formula: 'y = Σ wᵢxᵢ, wᵢ ∝ α + ((xᵢ − x̄)² + ε²)^(λ/2)',
  learns: 'α and λ per channel',
  source: 'Saeedan et al., CVPR 2018',
  needsChannels: true,
  create: ({ rank, ...options }) => new DetailPreservingPool(rank, options),
};
