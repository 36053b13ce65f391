/**
 * @file What every pooling layer with a window has: its geometry, which `replacePooling` hands on.
 */
import { type PerAxis, type PoolWindow, perAxis, poolWindow, type WindowOptions } from '../../ops/poolWindow.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import type { Rank } from '../rank.js';

/** Windows, and for strategies that learn something per channel, how many channels there are. */
export interface PoolLayerOptions extends WindowOptions {
  readonly channels?: number | undefined;
}

export abstract class PoolLayer extends Module implements WindowOptions {
  readonly rank: Rank;
  readonly kernelSize: PerAxis;
  readonly stride: PerAxis;
  readonly padding: PerAxis;
  readonly dilation: PerAxis;
  readonly ceilMode: boolean;
  /** Known where the maker of the layer said so. */
  readonly channels: number | undefined;

  constructor(rank: Rank, options: PoolLayerOptions) {
    super();
    const { kernelSize, stride = kernelSize, padding = 0, dilation = 1, ceilMode = false, channels } = options;
    this.rank = rank;
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.ceilMode = ceilMode;
    this.channels = channels;
  }

  /** The window, as the pooling operations take it. */
  get window(): Required<WindowOptions> {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    return { kernelSize, stride, padding, dilation, ceilMode };
  }
}

/** Where the windows of a layer lie on `x`. */
export function windowOn(layer: PoolLayer, x: Tensor): PoolWindow {
  return poolWindow(labelOf(layer), x, layer.rank, layer.window);
}

/** The size of a layer's kernel on each axis. */
export function kernelOf(layer: PoolLayer): number[] {
  return perAxis(labelOf(layer), 'kernelSize', layer.kernelSize, layer.rank, 1);
}

/** What error messages call a layer, such as `GemPool2d`. */
export function labelOf(layer: PoolLayer): string {
  const { name } = layer.constructor;
  return /[123]d$/.test(name) ? name : `${name}${layer.rank}d`;
}
