/**
 * @file A value that a module keeps and saves, but doesn't train: running statistics, fixed filters.
 */
import { Parameter } from '../tensor/parameter.js';
import type { Tensor } from '../tensor/tensor.js';

/** Part of a module's state dict, but not of `parameters()`. */
export class Buffer extends Parameter {
  constructor(initial: Tensor) {
    super(initial, { requiresGrad: false });
  }
}
