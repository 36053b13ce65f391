import type { Module } from '../module.js';
import { Sequential } from '../sequential.js';
import type { LayerFactory } from './layerFactory.js';

/** A residual block that may begin with a pool. */
type Block = new (layers: LayerFactory, inChannels: number, outChannels: number, halve: boolean) => Module;

/** `blocks` blocks in a row; the first changes the channels and, with `halve`, the resolution. */
export function residualStage(
  Block: Block,
  layers: LayerFactory,
  blocks: number,
  [inChannels, outChannels]: readonly [number, number],
  halve: boolean,
): Sequential {
  const first = new Block(layers, inChannels, outChannels, halve);
  const rest = Array.from({ length: blocks - 1 }, () => new Block(layers, outChannels, outChannels, false));
  return new Sequential(first, ...rest);
}
