/**
 * @file Joining axes, usually in front of the first fully connected layer.
 */
import { flatten } from '../ops/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module.js';

/** Joins axes into one; by default `[N, …]` becomes `[N, rest]`. */
export class Flatten extends Module {
  readonly startAxis: number;
  readonly endAxis: number;

  constructor(startAxis = 1, endAxis = -1) {
    super();
    this.startAxis = startAxis;
    this.endAxis = endAxis;
  }

  override forward(x: Tensor): Tensor {
    return flatten(x, this.startAxis, this.endAxis);
  }
}
