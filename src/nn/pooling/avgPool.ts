/**
 * @file Average pooling layers: y = the mean of the window.
 */
import { ArgumentError } from '../../errors.js';
import { avgPool1d, avgPool2d, avgPool3d } from '../../ops/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { byRank, type Rank } from '../rank.js';
import { PoolLayer, type PoolLayerOptions } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

export interface AvgPoolLayerOptions extends PoolLayerOptions {
  /** Count padded cells, as zeros, in the divisor. Default true, as in PyTorch. */
  readonly countIncludePad?: boolean | undefined;
}

/** Average pooling over one, two or three axes. */
export class AvgPool extends PoolLayer {
  readonly countIncludePad: boolean;

  /** @throws ArgumentError for a dilated window, which average pooling doesn't have */
  constructor(rank: Rank, options: AvgPoolLayerOptions) {
    super(rank, options);
    if ([this.dilation].flat().some((step) => step !== 1)) {
      throw new ArgumentError(`AvgPool${rank}d: has no dilation, got [${this.dilation}]; use 'soft' with beta 0`);
    }
    this.countIncludePad = options.countIncludePad ?? true;
  }

  override forward(x: Tensor): Tensor {
    const { dilation: _, ...window } = this.window;
    const { countIncludePad } = this;
    return byRank(this.rank, avgPool1d, avgPool2d, avgPool3d)(x, { ...window, countIncludePad });
  }
}

/** `[N, C, L]` → `[N, C, L']`. */
export class AvgPool1d extends AvgPool {
  constructor(options: AvgPoolLayerOptions) {
    super(1, options);
  }
}

/** `[N, C, H, W]` → `[N, C, H', W']`. */
export class AvgPool2d extends AvgPool {
  constructor(options: AvgPoolLayerOptions) {
    super(2, options);
  }
}

/** `[N, C, D, H, W]` → `[N, C, D', H', W']`. */
export class AvgPool3d extends AvgPool {
  constructor(options: AvgPoolLayerOptions) {
    super(3, options);
  }
}

export const avg: PoolStrategy = {
  summary: 'the mean of the window',
  formula: 'y = Σ xᵢ / |R|',
  source: 'LeCun et al., NIPS 1989',
  create: ({ rank, ...options }) => new AvgPool(rank, options),
};
