/**
 * @file Pooled CIFAR ResNeXts: Xie, Girshick, Dollár, Tu and He, "Aggregated residual transformations for deep neural
 * networks" (CVPR 2017), section 5.3, pooled as the ResNets are.
 *
 * Three stages of bottleneck blocks whose 3×3 convolution has C groups ("cardinality") of d channels each in the first stage;
 * a stage has 4 times the stem's channels at first. Every stage that halves the resolution doubles its channels.
 */
import { adaptiveAvgPool, addRelu, flatten } from '../../ops/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { BatchNorm } from '../batchNorm.js';
import type { Conv } from '../conv.js';
import type { Linear } from '../linear.js';
import { Module } from '../module.js';
import { Sequential } from '../sequential.js';
import { checkSizes } from './checkSizes.js';
import { LayerFactory } from './layerFactory.js';
import type { ModelOptions } from './modelOptions.js';

export interface ResNeXtOptions extends ModelOptions {
  /** C, the groups of each 3×3 convolution. Default 8. */
  readonly cardinality?: number | undefined;
  /** d, the channels of a group in the first stage. Default 4. */
  readonly width?: number | undefined;
  /** Blocks per stage; 9·blocks + 2 layers. Default 1. */
  readonly blocks?: number | undefined;
  /** Channels of the stem, 64 in the paper. Default 16. */
  readonly stem?: number | undefined;
}

/** What a bottleneck outputs per channel of the stem, in the first stage. */
const EXPANSION = 4;

/** `[N, inChannels, H, W]` → logits `[N, numClasses]`; H and W at least 4. */
export class ResNeXt extends Module {
  readonly conv1: Conv;
  readonly bn1: BatchNorm;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly linear: Linear;

  /** @throws ArgumentError if cardinality, width, blocks or stem isn't a positive integer */
  constructor(options: ResNeXtOptions = {}) {
    super();
    const { cardinality = 8, width = 4, blocks = 1, stem = 16, numClasses = 10, inChannels = 3 } = options;
    checkSizes('resnext', { cardinality, width, blocks, stem });
    const layers = new LayerFactory(2, options);
    const out = EXPANSION * stem;
    const inner = cardinality * width;
    const stage = (from: number, to: number, through: number, halve: boolean): Sequential => {
      const first = new Bottleneck(layers, { from, to, inner: through, cardinality, halve });
      const next = (): Bottleneck =>
        new Bottleneck(layers, { from: to, to, inner: through, cardinality, halve: false });
      return new Sequential(first, ...Array.from({ length: blocks - 1 }, next));
    };
    this.conv1 = layers.conv(inChannels, stem, 3);
    this.bn1 = layers.normRelu(stem);
    this.layer1 = stage(stem, out, inner, false);
    this.layer2 = stage(out, 2 * out, 2 * inner, true);
    this.layer3 = stage(2 * out, 4 * out, 4 * inner, true);
    this.linear = layers.linear(4 * out, numClasses);
  }

  override forward(x: Tensor): Tensor {
    const stem = this.bn1.forward(this.conv1.forward(x));
    const features = this.layer3.forward(this.layer2.forward(this.layer1.forward(stem)));
    return this.linear.forward(flatten(adaptiveAvgPool(features, 1)));
  }
}

/** The channels of a bottleneck block. */
export interface BottleneckWidths {
  readonly from: number;
  readonly to: number;
  /** Channels of the grouped convolution. */
  readonly inner: number;
  /** Groups of that convolution. */
  readonly cardinality: number;
  /** Whether a pool comes first. */
  readonly halve: boolean;
}

/** y = relu(F(x) + shortcut(x)) on the pooled input; F is 1×1, grouped 3×3, 1×1. */
export class Bottleneck extends Module {
  readonly pool: Module | undefined;
  readonly conv1: Conv;
  readonly bn1: BatchNorm;
  readonly conv2: Conv;
  readonly bn2: BatchNorm;
  readonly conv3: Conv;
  readonly bn3: BatchNorm;
  /** A 1×1 convolution with batch norm where the width changes, else the identity. */
  readonly shortcut: Sequential | undefined;

  constructor(layers: LayerFactory, { from, to, inner, cardinality, halve }: BottleneckWidths) {
    super();
    this.pool = halve ? layers.pool(from) : undefined;
    this.conv1 = layers.conv(from, inner, 1);
    this.bn1 = layers.normRelu(inner);
    this.conv2 = layers.conv(inner, inner, 3, { groups: cardinality });
    this.bn2 = layers.normRelu(inner);
    this.conv3 = layers.conv(inner, to, 1);
    this.bn3 = layers.norm(to);
    this.shortcut = layers.shortcut(from, to);
  }

  override forward(x: Tensor): Tensor {
    const pooled = this.pool ? this.pool.forward(x) : x;
    const reduced = this.bn1.forward(this.conv1.forward(pooled));
    const grouped = this.bn2.forward(this.conv2.forward(reduced));
    const residual = this.bn3.forward(this.conv3.forward(grouped));
    return addRelu(residual, this.shortcut ? this.shortcut.forward(pooled) : pooled);
  }
}

/** ResNeXt-11 (8×4d) on a stem of 16 channels, unless told otherwise: 135,898 parameters for 10 classes. */
export function resnext(options?: ResNeXtOptions): ResNeXt {
  return new ResNeXt(options);
}
