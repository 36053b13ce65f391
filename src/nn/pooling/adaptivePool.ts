/**
 * @file Adaptive pooling layers: the output size is given, the windows follow. One layer serves all ranks.
 */
import { adaptiveAvgPool, adaptiveMaxPool, adaptiveSoftPool, type SoftPoolOptions } from '../../ops/index.js';
import type { PerAxis } from '../../ops/poolWindow.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';

/** `[N, C, ...spatial]` → `[N, C, ...outputSize]` by averages; size 1 averages each channel. */
export class AdaptiveAvgPool extends Module {
  readonly outputSize: PerAxis;

  constructor(outputSize: PerAxis) {
    super();
    this.outputSize = outputSize;
  }

  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool(x, this.outputSize);
  }
}

/** `[N, C, ...spatial]` → `[N, C, ...outputSize]` by maxima. */
export class AdaptiveMaxPool extends Module {
  readonly outputSize: PerAxis;

  constructor(outputSize: PerAxis) {
    super();
    this.outputSize = outputSize;
  }

  override forward(x: Tensor): Tensor {
    return adaptiveMaxPool(x, this.outputSize);
  }
}

/** `[N, C, ...spatial]` → `[N, C, ...outputSize]` by SoftPool. */
export class AdaptiveSoftPool extends Module {
  readonly outputSize: PerAxis;
  readonly beta: number | Tensor;
  readonly gradient: 'exact' | 'detached';

  constructor(outputSize: PerAxis, options: Pick<SoftPoolOptions, 'beta' | 'gradient'> = {}) {
    super();
    this.outputSize = outputSize;
    this.beta = options.beta ?? 1;
    this.gradient = options.gradient ?? 'exact';
  }

  override forward(x: Tensor): Tensor {
    const { beta, gradient } = this;
    return adaptiveSoftPool(x, this.outputSize, { beta, gradient });
  }
}
