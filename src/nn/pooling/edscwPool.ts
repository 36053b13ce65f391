/**
 * @file Pooling by the exponent of the Dice–Sørensen coefficient, eDSCW (Stergiou and Poppe, "AdaPool: exponential adaptive pooling
 * for information-retaining downsampling", IEEE Transactions on Image Processing 2023): cells weigh in by how similar they are to
 * the mean of their window.
 *
 *   dᵢ = 2 x̄xᵢ / (x̄² + xᵢ² + ε)      w = softmax(d) over the window      y = Σ wᵢxᵢ      x̄ = Σ xᵢ / |R|
 *   ∂y/∂xₖ = wₖ + Σ wᵢ(xᵢ − y) ∂dᵢ/∂xₖ
 *   ∂dᵢ/∂xₖ = 2 (x̄[i = k] + xᵢ/|R|) / (x̄² + xᵢ² + ε) − 4 x̄xᵢ (xᵢ[i = k] + x̄/|R|) / (x̄² + xᵢ² + ε)²
 *
 * The coefficient lies between −1 and 1, −1 for a cell opposite to the mean; so the exponential needs no maximum subtracted.
 * ε = 10⁻¹² defines 0/0: a window of zeros is averaged. The published implementation clamps the result at 0 and moves the windows
 * by half a kernel; neither is done here, and the gradient is that of y, through the weights and the mean.
 */
import { windowMean } from '../../ops/avgPool.js';
import { add, div, exp, mul, pow } from '../../ops/index.js';
import type { PoolWindow } from '../../ops/poolWindow.js';
import { WindowCells } from '../../ops/windowCells.js';
import type { Tensor } from '../../tensor/tensor.js';
import { PoolLayer, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

const EPSILON = 1e-12;

/** Exponential Dice–Sørensen pooling over one, two or three axes. */
export class EdscwPool extends PoolLayer {
  override forward(x: Tensor): Tensor {
    return diceSorensenMean(x, windowOn(this, x));
  }
}

/** The mean of each window, weighted by softmax(d). */
export function diceSorensenMean(x: Tensor, window: PoolWindow): Tensor {
  const cells = new WindowCells(x, window);
  const { values } = cells;
  // What depends on the mean alone is computed once per window, not once per cell.
  const mean = windowMean(x, window);
  const products = mul(values, cells.spread(mul(mean, 2)));
  const squares = add(pow(values, 2), cells.spread(add(pow(mean, 2), EPSILON)));
  return cells.weightedMean(exp(div(products, squares)));
}

export const edscw: PoolStrategy = {
  summary: 'cells weighted by their similarity to the mean (exponential Dice–Sørensen)',
  formula: 'y = Σ wᵢxᵢ, w = softmax(2x̄x / (x̄² + x²))',
  source: 'Stergiou and Poppe, TIP 2023',
  create: ({ rank, ...options }) => new EdscwPool(rank, options),
};
