/**
 * @file Sum pooling layers, as in bags of features (Boureau, Ponce and LeCun, "A theoretical analysis of feature pooling in
 * visual recognition", ICML 2010, compare it with average and maximum).
 *
 *   y = Σ xᵢ      ∂y/∂xᵢ = 1
 *
 * Padded cells are not part of a window, so windows at the border add up fewer values.
 */
import { windowSum } from '../../ops/sumPool.js';
import type { Tensor } from '../../tensor/tensor.js';
import { PoolLayer, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

/** Sum pooling over one, two or three axes. */
export class SumPool extends PoolLayer {
  override forward(x: Tensor): Tensor {
    return windowSum(x, windowOn(this, x));
  }
}

export const sum: PoolStrategy = {
  summary: 'the sum of the window',
  formula: 'y = Σ xᵢ',
  source: 'Boureau et al., ICML 2010',
  create: ({ rank, ...options }) => new SumPool(rank, options),
};
