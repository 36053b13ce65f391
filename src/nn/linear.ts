/**
 * @file The fully connected layer.
 */
import { linear } from '../ops/index.js';
import type { RandomOptions } from '../tensor/create.js';
import type { Parameter } from '../tensor/parameter.js';
import type { Tensor } from '../tensor/tensor.js';
import { defaultBias, defaultWeight, type Initializer } from './init.js';
import { Module } from './module.js';
import { ownedParameter } from './owned.js';

export interface LinearLayerOptions extends Omit<RandomOptions, 'requiresGrad'> {
  /** Whether to add a learned bias. Default true. */
  readonly bias?: boolean | undefined;
  /** How the weight begins. Default: PyTorch's, uniform within ±1/√in. */
  readonly init?: Initializer | undefined;
}

/** x·Wᵀ + b: `[…, in]` → `[…, out]`. */
export class Linear extends Module {
  /** `[out, in]` */
  readonly weight: Parameter;
  /** `[out]` */
  readonly bias: Parameter | undefined;

  constructor(inFeatures: number, outFeatures: number, options: LinearLayerOptions = {}) {
    super();
    const { bias = true, init = defaultWeight, ...random } = options;
    const shape = [outFeatures, inFeatures];
    this.weight = ownedParameter(init(shape, random));
    this.bias = bias ? ownedParameter(defaultBias(outFeatures, shape, random)) : undefined;
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}
