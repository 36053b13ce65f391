/**
 * @file Power average pooling (Bruna, Szlam and LeCun, "Signal recovery from pooling representations", ICML 2014; Gulcehre, Cho,
 * Pascanu and Bengio, "Learned-norm pooling for deep feedforward and recurrent neural networks", ECML 2014): the power mean of
 * the window's magnitudes.
 *
 *   y = (Σ |xᵢ|ᵖ / |R|)^(1/p)      ∂y/∂xᵢ = sign(xᵢ) (|xᵢ| / y)^(p−1) / |R|, and 0 in a window of zeros
 *
 * p = 1 is the mean of magnitudes, p → ∞ tends to the largest. A power of a negative number would be none of the real ones, or
 * would cancel; magnitudes keep y finite and continuous for every p ≥ 1, and change nothing behind a relu.
 */
import { checkExponent, type LpPoolOptions, windowNorm } from '../../ops/lpPool.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Rank } from '../rank.js';
import { labelOf, PoolLayer, type PoolLayerOptions, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

/** The exponent p is at least 1; default 3. */
export interface PowerPoolLayerOptions extends PoolLayerOptions, Pick<LpPoolOptions, 'p'> {}

/** Power average pooling over one, two or three axes. */
export class PowerPool extends PoolLayer {
  readonly p: number;

  /** @throws ArgumentError if p isn't a finite number of at least 1 */
  constructor(rank: Rank, options: PowerPoolLayerOptions) {
    super(rank, options);
    this.p = options.p ?? 3;
    checkExponent(labelOf(this), this.p);
  }

  override forward(x: Tensor): Tensor {
    return windowNorm(x, windowOn(this, x), this.p, { mean: true });
  }
}

export const pow: PoolStrategy = {
  summary: 'the power mean of the window (p = 3)',
  formula: 'y = (Σ |xᵢ|ᵖ / |R|)^(1/p), p = 3',
  source: 'Bruna et al., ICML 2014',
  create: ({ rank, ...options }) => new PowerPool(rank, options),
};
