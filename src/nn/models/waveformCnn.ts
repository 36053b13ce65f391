/**
 * @file A pooled CNN for waveforms: M5 of Dai, Dai, Qu, Li and Das, "Very deep convolutional neural networks for raw
 * waveforms" (ICASSP 2017).
 *
 * Four convolutions, the first with a long kernel, each with batch norm, relu and a pool (kernel 4, stride 4). The paper's
 * first convolution has stride 4; here only pools shorten the waveform.
 */
import { adaptiveAvgPool, flatten } from '../../ops/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { BatchNorm } from '../batchNorm.js';
import type { Conv } from '../conv.js';
import type { Linear } from '../linear.js';
import { Module } from '../module.js';
import { checkSizes } from './checkSizes.js';
import { LayerFactory } from './layerFactory.js';
import type { ModelOptions } from './modelOptions.js';

export interface WaveformCnnOptions extends ModelOptions {
  /** Channels of the first two convolutions; the last two have twice as many. Default 16. */
  readonly width?: number | undefined;
  /** Samples under the first convolution. Default 25. */
  readonly kernelSize?: number | undefined;
}

const QUARTER = { kernelSize: 4, stride: 4 } as const;

/** `[N, inChannels, L]` → logits `[N, numClasses]`; L at least 256. */
export class WaveformCnn extends Module {
  readonly conv1: Conv;
  readonly bn1: BatchNorm;
  readonly pool1: Module;
  readonly conv2: Conv;
  readonly bn2: BatchNorm;
  readonly pool2: Module;
  readonly conv3: Conv;
  readonly bn3: BatchNorm;
  readonly pool3: Module;
  readonly conv4: Conv;
  readonly bn4: BatchNorm;
  readonly pool4: Module;
  readonly fc1: Linear;

  /** @throws ArgumentError if width or kernelSize isn't a positive integer */
  constructor(options: WaveformCnnOptions = {}) {
    super();
    const { width = 16, kernelSize = 25, numClasses = 10, inChannels = 1 } = options;
    checkSizes('waveformCnn', { width, kernelSize });
    const layers = new LayerFactory(1, options);
    this.conv1 = layers.conv(inChannels, width, kernelSize);
    this.bn1 = layers.normRelu(width);
    this.pool1 = layers.pool(width, QUARTER);
    this.conv2 = layers.conv(width, width, 3);
    this.bn2 = layers.normRelu(width);
    this.pool2 = layers.pool(width, QUARTER);
    this.conv3 = layers.conv(width, 2 * width, 3);
    this.bn3 = layers.normRelu(2 * width);
    this.pool3 = layers.pool(2 * width, QUARTER);
    this.conv4 = layers.conv(2 * width, 2 * width, 3);
    this.bn4 = layers.normRelu(2 * width);
    this.pool4 = layers.pool(2 * width, QUARTER);
    this.fc1 = layers.linear(2 * width, numClasses);
  }

  override forward(x: Tensor): Tensor {
    const first = this.pool1.forward(this.bn1.forward(this.conv1.forward(x)));
    const second = this.pool2.forward(this.bn2.forward(this.conv2.forward(first)));
    const third = this.pool3.forward(this.bn3.forward(this.conv3.forward(second)));
    const fourth = this.pool4.forward(this.bn4.forward(this.conv4.forward(third)));
    return this.fc1.forward(flatten(adaptiveAvgPool(fourth, 1)));
  }
}

/** M5 with half the width of its usual small version, unless told otherwise: 6,298 parameters for 10 classes. */
export function waveformCnn(options?: WaveformCnnOptions): WaveformCnn {
  return new WaveformCnn(options);
}
