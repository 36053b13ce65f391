/**
 * @file Dropout as a layer: active in training only.
 */
import { ArgumentError } from '../errors.js';
import { dropout } from '../ops/index.js';
import type { Generator } from '../tensor/generator.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module.js';

/** Sets values to 0 with probability p in training, and scales the others by 1/(1 − p). */
export class Dropout extends Module {
  readonly p: number;
  readonly generator: Generator | undefined;

  /** @throws ArgumentError if p isn't in [0, 1] */
  constructor(p = 0.5, options: { readonly generator?: Generator | undefined } = {}) {
    super();
    if (!(p >= 0 && p <= 1)) throw new ArgumentError(`Dropout: p must lie between 0 and 1, got ${p}`);
    this.p = p;
    this.generator = options.generator;
  }

  override forward(x: Tensor): Tensor {
    return dropout(x, { p: this.p, training: this.training, generator: this.generator });
  }
}
