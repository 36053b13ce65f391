/**
 * @file Max pooling layers: y = max over the window. The first maximum takes the whole gradient.
 */
import { maxPool1d, maxPool2d, maxPool3d } from '../../ops/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { byRank } from '../rank.js';
import { PoolLayer, type PoolLayerOptions } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

/** Max pooling over one, two or three axes. */
export class MaxPool extends PoolLayer {
  override forward(x: Tensor): Tensor {
    return byRank(this.rank, maxPool1d, maxPool2d, maxPool3d)(x, this.window);
  }
}

/** `[N, C, L]` → `[N, C, L']`. */
export class MaxPool1d extends MaxPool {
  constructor(options: PoolLayerOptions) {
    super(1, options);
  }
}

/** `[N, C, H, W]` → `[N, C, H', W']`. */
export class MaxPool2d extends MaxPool {
  constructor(options: PoolLayerOptions) {
    super(2, options);
  }
}

/** `[N, C, D, H, W]` → `[N, C, D', H', W']`. */
export class MaxPool3d extends MaxPool {
  constructor(options: PoolLayerOptions) {
    super(3, options);
  }
}

export const max: PoolStrategy = {
  summary: 'the maximum of the window',
  formula: 'y = max xᵢ',
  source: 'Riesenhuber and Poggio, Nature Neuroscience 1999',
  create: ({ rank, ...options }) => new MaxPool(rank, options),
};
