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
  /** The kernel's size on each axis. */
  protected get kernel(): number[] {
    return perAxis(this.label, 'kernelSize', this.kernelSize, this.rank, 1);
  }

  /** Where the windows lie on `x`. */
  protected windowOn(x: Tensor): PoolWindow {
    return poolWindow(this.label, x, this.rank, this.window);
  }

  /** What error messages call the layer, such as `GemPool2d`. */
  protected get label(): string {
    const { name } = this.constructor;
    return /[123]d$/.test(name) ? name : `${name}${this.rank}d`;
  }
}
