/**
 * @file Pooled CIFAR DenseNets: Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks" (CVPR
 * 2017), DenseNet-BC with θ = 0.5.
 *
 * Three dense blocks, in which every layer adds k channels ("growth") to all that came before; between them a transition
 * halves the channels by a 1×1 convolution and the resolution by a pool, which is average pooling in the paper.
 */
import { ArgumentError } from '../../errors.js';
import { adaptiveAvgPool, concat, flatten } from '../../ops/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { BatchNorm } from '../batchNorm.js';
import type { Conv } from '../conv.js';
import type { Linear } from '../linear.js';
import { Module } from '../module.js';
import { Sequential } from '../sequential.js';
import { checkSizes } from './checkSizes.js';
import { LayerFactory } from './layerFactory.js';
import type { ModelOptions } from './modelOptions.js';

export interface DenseNetOptions extends ModelOptions {
  /** 6n + 4, with n layers (two convolutions each) per dense block. Default 22. */
  readonly depth?: number | undefined;
  /** k, the channels that a layer adds. Default 12. */
  readonly growth?: number | undefined;
}

/** Channels of a layer's 1×1 convolution per channel that the layer adds. */
const BOTTLENECK = 4;

/** `[N, inChannels, H, W]` → logits `[N, numClasses]`; H and W at least 4. */
export class DenseNet extends Module {
  readonly conv1: Conv;
  readonly dense1: Sequential;
  readonly trans1: Transition;
  readonly dense2: Sequential;
  readonly trans2: Transition;
  readonly dense3: Sequential;
  readonly bn: BatchNorm;
  readonly linear: Linear;

  /** @throws ArgumentError if the depth isn't 6n + 4 or the growth isn't a positive integer */
  constructor(options: DenseNetOptions = {}) {
    super();
    const { depth = 22, growth = 12, numClasses = 10, inChannels = 3 } = options;
    const length = (depth - 4) / 6;
    if (!Number.isInteger(length) || length < 1) {
      throw new ArgumentError(`densenet: depth must be 6n + 4 (10, 16, 22, 40, 100 …), got ${depth}`);
    }
    checkSizes('densenet', { growth });
    const layers = new LayerFactory(2, options);
    const grown = (channels: number): number => channels + length * growth;
    const halved = (channels: number): number => Math.floor(channels / 2);
    const first = 2 * growth;
    const second = halved(grown(first));
    const third = halved(grown(second));
    this.conv1 = layers.conv(inChannels, first, 3);
    this.dense1 = denseBlock(layers, length, first, growth);
    this.trans1 = new Transition(layers, grown(first), second);
    this.dense2 = denseBlock(layers, length, second, growth);
    this.trans2 = new Transition(layers, grown(second), third);
    this.dense3 = denseBlock(layers, length, third, growth);
    this.bn = layers.normRelu(grown(third));
    this.linear = layers.linear(grown(third), numClasses);
  }

  override forward(x: Tensor): Tensor {
    const first = this.trans1.forward(this.dense1.forward(this.conv1.forward(x)));
    const second = this.trans2.forward(this.dense2.forward(first));
    const third = this.bn.forward(this.dense3.forward(second));
    return this.linear.forward(flatten(adaptiveAvgPool(third, 1)));
  }
}

/** `[N, C, H, W]` → `[N, k + C, H, W]`: k new channels, by 1×1 and 3×3 convolutions, in front of the old ones. */
export class DenseLayer extends Module {
  readonly bn1: BatchNorm;
  readonly conv1: Conv;
  readonly bn2: BatchNorm;
  readonly conv2: Conv;

  constructor(layers: LayerFactory, inChannels: number, growth: number) {
    super();
    this.bn1 = layers.normRelu(inChannels);
    this.conv1 = layers.conv(inChannels, BOTTLENECK * growth, 1);
    this.bn2 = layers.normRelu(BOTTLENECK * growth);
    this.conv2 = layers.conv(BOTTLENECK * growth, growth, 3);
  }

  override forward(x: Tensor): Tensor {
    const reduced = this.conv1.forward(this.bn1.forward(x));
    return concat([this.conv2.forward(this.bn2.forward(reduced)), x], 1);
  }
}

/** `[N, C, H, W]` → `[N, out, H/2, W/2]`: batch norm, relu, a 1×1 convolution and a pool. */
export class Transition extends Module {
  readonly bn: BatchNorm;
  readonly conv: Conv;
  readonly pool: Module;

  constructor(layers: LayerFactory, inChannels: number, outChannels: number) {
    super();
    this.bn = layers.normRelu(inChannels);
    this.conv = layers.conv(inChannels, outChannels, 1);
    this.pool = layers.pool(outChannels);
  }

  override forward(x: Tensor): Tensor {
    return this.pool.forward(this.conv.forward(this.bn.forward(x)));
  }
}

/** DenseNet-BC (L = 22, k = 12) unless told otherwise: 71,686 parameters for 10 classes. */
export function densenet(options?: DenseNetOptions): DenseNet {
  return new DenseNet(options);
}

function denseBlock(layers: LayerFactory, length: number, inChannels: number, growth: number): Sequential {
  return new Sequential(...Array.from({ length }, (_, i) => new DenseLayer(layers, inChannels + i * growth, growth)));
}
