/**
 * @file Lp pooling layers (Sermanet, Chintala and LeCun, "Convolutional neural networks applied to house numbers digit
 * classification", ICPR 2012): the p-norm of the window.
 *
 *   y = (Σ |xᵢ|ᵖ)^(1/p)      ∂y/∂xᵢ = sign(xᵢ) (|xᵢ| / y)^(p−1), and 0 in a window of zeros
 *
 * Negative values count by their magnitude, so y is finite and continuous for every p ≥ 1.
 */
import { checkExponent, type LpPoolOptions, windowNorm } from '../../ops/lpPool.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Rank } from '../rank.js';
import { labelOf, PoolLayer, type PoolLayerOptions, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

export interface LpPoolLayerOptions extends PoolLayerOptions, Pick<LpPoolOptions, 'p'> {}

/** Lp pooling over one, two or three axes. */
export class LpPool extends PoolLayer {
  readonly p: number;

  /** @throws ArgumentError if p isn't a finite number of at least 1 */
  constructor(rank: Rank, options: LpPoolLayerOptions) {
    super(rank, options);
    this.p = options.p ?? 2;
    checkExponent(labelOf(this), this.p);
  }

  override forward(x: Tensor): Tensor {
    return windowNorm(x, windowOn(this, x), this.p);
  }
}

/** `[N, C, L]` → `[N, C, L']`. */
export class LpPool1d extends LpPool {
  constructor(options: LpPoolLayerOptions) {
    super(1, options);
  }
}

/** `[N, C, H, W]` → `[N, C, H', W']`. */
export class LpPool2d extends LpPool {
  constructor(options: LpPoolLayerOptions) {
    super(2, options);
  }
}

/** `[N, C, D, H, W]` → `[N, C, D', H', W']`. */
export class LpPool3d extends LpPool {
  constructor(options: LpPoolLayerOptions) {
    super(3, options);
  }
}

export const lp: PoolStrategy = {
  summary: 'the Euclidean norm of the window (p-norm with p = 2)',
  formula: 'y = (Σ |xᵢ|ᵖ)^(1/p), p = 2',
  source: 'Sermanet et al., ICPR 2012',
  create: ({ rank, ...options }) => new LpPool(rank, options),
};
