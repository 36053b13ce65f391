/**
 * @file Modules one after the other.
 */
import type { Tensor } from '../tensor/tensor.js';
import { Module, replaceInArray } from './module.js';

/** Feeds each layer's output to the next. Names in the state dict are `0.weight`, `1.weight` … */
export class Sequential extends Module {
  readonly layers: Module[];

  constructor(...layers: Module[]) {
    super();
    this.layers = layers;
  }

  override forward(x: Tensor): Tensor {
    return this.layers.reduce((value, layer) => layer.forward(value), x);
  }

  override namedChildren(): [name: string, child: Module][] {
    return this.layers.map((layer, i) => [String(i), layer]);
  }

  override replaceChildren(replace: (child: Module, name: string) => Module): void {
    replaceInArray(this.layers, (layer, i) => replace(layer, String(i)));
  }
}
