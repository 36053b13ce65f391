/**
 * @file Importance pooling layers (Gao, Wang and Wu, ICCV 2019): y = Σ softmax(G(x))ᵢ xᵢ over the window, G given.
 */
import { importancePool1d, importancePool2d, importancePool3d } from '../../ops/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { byRank, type Rank } from '../rank.js';
import { PoolLayer, type PoolLayerOptions } from './poolLayer.js';

export interface ImportancePoolLayerOptions extends PoolLayerOptions {
  /** G: from x to logits of x's shape; a module is trained with the model. x ↦ βx is SoftPool, x ↦ 0 average pooling. */
  readonly logits: Module | ((x: Tensor) => Tensor);
}

/** Importance pooling over one, two or three axes. */
export class ImportancePool extends PoolLayer {
  readonly logits: Module | ((x: Tensor) => Tensor);

  constructor(rank: Rank, options: ImportancePoolLayerOptions) {
    super(rank, options);
    this.logits = options.logits;
  }

  override forward(x: Tensor): Tensor {
    const logits = this.logits instanceof Module ? this.logits.forward(x) : this.logits(x);
    return byRank(this.rank, importancePool1d, importancePool2d, importancePool3d)(x, logits, this.window);
  }
}

/** `[N, C, L]` → `[N, C, L']`. */
export class ImportancePool1d extends ImportancePool {
  constructor(options: ImportancePoolLayerOptions) {
    super(1, options);
  }
}

/** `[N, C, H, W]` → `[N, C, H', W']`. */
export class ImportancePool2d extends ImportancePool {
  constructor(options: ImportancePoolLayerOptions) {
    super(2, options);
  }
}

/** `[N, C, D, H, W]` → `[N, C, D', H', W']`. */
export class ImportancePool3d extends ImportancePool {
  constructor(options: ImportancePoolLayerOptions) {
    super(3, options);
  }
}
