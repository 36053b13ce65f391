/**
 * @file Pooled CIFAR ResNets: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (CVPR 2016), section 4.2,
 * with the halving of the resolution done by a pooling layer, so that pooling strategies can be compared.
 *
 * 6n + 2 layers, widths 16, 32, 64. Every convolution has stride 1; the second and third stage begin with one pool (kernel 2,
 * stride 2) in front of their first block, so main path and shortcut see the same pooled tensor.
 */
import { adaptiveAvgPool, addRelu, flatten } from '../../ops/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { BatchNorm } from '../batchNorm.js';
import type { Conv } from '../conv.js';
import type { Linear } from '../linear.js';
import { Module } from '../module.js';
import type { Rank } from '../rank.js';
import type { Sequential } from '../sequential.js';
import { LayerFactory } from './layerFactory.js';
import type { ModelOptions } from './modelOptions.js';
import { residualStage } from './residualStage.js';

export interface ResNetOptions extends ModelOptions {
  /** The number of spatial axes. Default 2. */
  readonly rank?: Rank | undefined;
  /** Channels of the three stages. Default [16, 32, 64]. */
  readonly widths?: readonly [number, number, number] | undefined;
}

/** `[N, inChannels, ...spatial]` → logits `[N, numClasses]`; every spatial axis at least 4. */
export class ResNet extends Module {
  readonly conv1: Conv;
  readonly bn1: BatchNorm;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly linear: Linear;

  /** @param blocks residual blocks per stage: n of 6n + 2 layers */
  constructor(blocks: number, options: ResNetOptions = {}) {
    super();
    const { rank = 2, numClasses = 10, inChannels = 3, widths = [16, 32, 64] } = options;
    const [first, second, third] = widths;
    const layers = new LayerFactory(rank, options);
    this.conv1 = layers.conv(inChannels, first, 3);
    this.bn1 = layers.normRelu(first);
    this.layer1 = residualStage(BasicBlock, layers, blocks, [first, first], false);
    this.layer2 = residualStage(BasicBlock, layers, blocks, [first, second], true);
    this.layer3 = residualStage(BasicBlock, layers, blocks, [second, third], true);
    this.linear = layers.linear(third, numClasses);
  }

  override forward(x: Tensor): Tensor {
    const stem = this.bn1.forward(this.conv1.forward(x));
    const features = this.layer3.forward(this.layer2.forward(this.layer1.forward(stem)));
    return this.linear.forward(flatten(adaptiveAvgPool(features, 1)));
  }
}

/** y = relu(F(x) + shortcut(x)) on the pooled input, with two convolutions of kernel 3 in F. */
export class BasicBlock extends Module {
  readonly pool: Module | undefined;
  readonly conv1: Conv;
  readonly bn1: BatchNorm;
  readonly conv2: Conv;
  readonly bn2: BatchNorm;
  /** A convolution of kernel 1 with batch norm where the width changes, else the identity. */
  readonly shortcut: Sequential | undefined;

  /** @param halve whether a pool comes first */
  constructor(layers: LayerFactory, inChannels: number, outChannels: number, halve: boolean) {
    super();
    this.pool = halve ? layers.pool(inChannels) : undefined;
    this.conv1 = layers.conv(inChannels, outChannels, 3);
    this.bn1 = layers.normRelu(outChannels);
    this.conv2 = layers.conv(outChannels, outChannels, 3);
    this.bn2 = layers.norm(outChannels);
    this.shortcut = layers.shortcut(inChannels, outChannels);
  }

  override forward(x: Tensor): Tensor {
    const pooled = this.pool ? this.pool.forward(x) : x;
    const hidden = this.bn1.forward(this.conv1.forward(pooled));
    const residual = this.bn2.forward(this.conv2.forward(hidden));
    return addRelu(residual, this.shortcut ? this.shortcut.forward(pooled) : pooled);
  }
}

/** The pooled ResNet with 8 layers: 78,042 parameters for 10 classes. */
export function resnet8(options?: ResNetOptions): ResNet {
  return new ResNet(1, options);
}

/** The pooled ResNet with 20 layers. */
export function resnet20(options?: ResNetOptions): ResNet {
  return new ResNet(3, options);
}

/** The pooled ResNet with 32 layers. */
export function resnet32(options?: ResNetOptions): ResNet {
  return new ResNet(5, options);
}
