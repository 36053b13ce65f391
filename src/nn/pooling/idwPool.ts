/**
 * @file Inverse distance weighted pooling (Stergiou and Poppe, "AdaPool: exponential adaptive pooling for information-retaining
 * downsampling", IEEE Transactions on Image Processing 2023): cells weigh in by how near they are to the mean of their window.
 *
 *   w̃ᵢ = 1 / (|xᵢ − x̄| + ε)      y = Σ w̃ᵢxᵢ / Σ w̃ⱼ      x̄ = Σ xᵢ / |R|
 *   ∂y/∂xₖ = wₖ + Σ wᵢ(xᵢ − y) ∂ln w̃ᵢ/∂xₖ      ∂ln w̃ᵢ/∂xₖ = −sign(xᵢ − x̄) ([i = k] − 1/|R|) / (|xᵢ − x̄| + ε)
 *
 * ε = 10⁻⁶ keeps the weight of a cell that equals the mean finite; it takes nearly all of it, and a constant window gives its
 * constant. Values are averaged as distances from x̄: what is small in them is what the weights are sensitive to. The gradient is
 * that of y, through the weights and the mean.
 */
import { windowMean } from '../../ops/avgPool.js';
import { abs, add, pow, sub } from '../../ops/index.js';
import { WindowCells } from '../../ops/windowCells.js';
import type { Tensor } from '../../tensor/tensor.js';
import { PoolLayer, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

const EPSILON = 1e-6;

/** Inverse distance weighted pooling over one, two or three axes. */
export class IdwPool extends PoolLayer {
  override forward(x: Tensor): Tensor {
    const window = windowOn(this, x);
    const cells = new WindowCells(x, window);
    const mean = windowMean(x, window);
    const centred = sub(cells.values, cells.spread(mean));
    return add(mean, cells.weightedMean(pow(add(abs(centred), EPSILON), -1), centred));
  }
}

export const idw: PoolStrategy = {
  summary: 'cells weighted by their nearness to the mean (inverse distance)',
  formula: 'y = Σ wᵢxᵢ, wᵢ ∝ 1 / |xᵢ − x̄|',
  source: 'Stergiou and Poppe, TIP 2023',
  create: ({ rank, ...options }) => new IdwPool(rank, options),
};
