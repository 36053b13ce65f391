/**
 * @file SoftPool layers (Stergiou, Poppe and Kalliatakis, ICCV 2021): y = Σ wᵢxᵢ with w = softmax(βx) over the window.
 */
import { type SoftPoolOptions, softPool1d, softPool2d, softPool3d } from '../../ops/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { byRank, type Rank } from '../rank.js';
import { PoolLayer, type PoolLayerOptions } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

/** A β that is a `Parameter` is learned with the model and stands in its state dict as `beta`. */
export interface SoftPoolLayerOptions extends PoolLayerOptions, Pick<SoftPoolOptions, 'beta' | 'gradient'> {}

/** SoftPool over one, two or three axes. */
export class SoftPool extends PoolLayer {
  readonly beta: number | Tensor;
  readonly gradient: 'exact' | 'detached';

  constructor(rank: Rank, options: SoftPoolLayerOptions) {
    super(rank, options);
    this.beta = options.beta ?? 1;
    this.gradient = options.gradient ?? 'exact';
  }

  override forward(x: Tensor): Tensor {
    const { beta, gradient } = this;
    return byRank(this.rank, softPool1d, softPool2d, softPool3d)(x, { ...this.window, beta, gradient });
  }
}

/** `[N, C, L]` → `[N, C, L']`. */
export class SoftPool1d extends SoftPool {
  constructor(options: SoftPoolLayerOptions) {
    super(1, options);
  }
}

/** `[N, C, H, W]` → `[N, C, H', W']`. */
export class SoftPool2d extends SoftPool {
  constructor(options: SoftPoolLayerOptions) {
    super(2, options);
  }
}

/** `[N, C, D, H, W]` → `[N, C, D', H', W']`. */
export class SoftPool3d extends SoftPool {
  constructor(options: SoftPoolLayerOptions) {
    super(3, options);
  }
}

export const soft: PoolStrategy = {
  summary: 'the exponentially weighted mean of the window (SoftPool)',
  formula: 'y = Σ wᵢxᵢ, w = softmax(x)',
  source: 'Stergiou et al., ICCV 2021',
  create: ({ rank, ...options }) => new SoftPool(rank, options),
};
