/**
 * @file The layer that does nothing: a placeholder for one that may be there.
 */
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module.js';

/** Returns its input. */
export class Identity extends Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}
