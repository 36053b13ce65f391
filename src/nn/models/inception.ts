/**
 * @file A small pooled Inception network for CIFAR: Szegedy et al., "Going deeper with convolutions" (CVPR 2015), with batch
 * norm (Ioffe and Szegedy, ICML 2015).
 *
 * A stem and the first four Inception blocks of GoogLeNet. Its own pool geometry stays: 3×3 windows, which overlap, with
 * stride 2 where the resolution halves and stride 1 inside the blocks. All of them are of the model's strategy.
 */
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

export interface InceptionOptions extends ModelOptions {
  /** Channels of the stem; GoogLeNet's blocks at 64. All other widths follow in proportion. Default 16. */
  readonly width?: number | undefined;
}

/** Output channels of a block's convolutions at width 64; the ones before "to" make the input narrower. */
export interface InceptionWidths {
  readonly conv1: number;
  readonly conv3: readonly [reduced: number, to: number];
  readonly conv5: readonly [reduced: number, to: number];
  readonly pool: number;
}

const HALVE = { kernelSize: 3, stride: 2, padding: 1 } as const;
const KEEP = { kernelSize: 3, stride: 1, padding: 1 } as const;

/** Table 1 of the paper, rows 3a to 4b. */
const BLOCKS = {
  inception3a: { conv1: 64, conv3: [96, 128], conv5: [16, 32], pool: 32 },
  inception3b: { conv1: 128, conv3: [128, 192], conv5: [32, 96], pool: 64 },
  inception4a: { conv1: 192, conv3: [96, 208], conv5: [16, 48], pool: 64 },
  inception4b: { conv1: 160, conv3: [112, 224], conv5: [24, 64], pool: 64 },
} as const satisfies Record<string, InceptionWidths>;

/** `[N, inChannels, H, W]` → logits `[N, numClasses]`. */
export class Inception extends Module {
  readonly conv1: ConvNormRelu;
  readonly pool1: Module;
  readonly inception3a: InceptionBlock;
  readonly inception3b: InceptionBlock;
  readonly pool3: Module;
  readonly inception4a: InceptionBlock;
  readonly inception4b: InceptionBlock;
  readonly fc: Linear;

  /** @throws ArgumentError if the width isn't a positive integer */
  constructor(options: InceptionOptions = {}) {
    super();
    const { width = 16, numClasses = 10, inChannels = 3 } = options;
    checkSizes('inception', { width });
    const layers = new LayerFactory(2, options);
    const block = (from: number, widths: InceptionWidths): InceptionBlock =>
      new InceptionBlock(layers, from, scaled(widths, width / 64));
    this.conv1 = new ConvNormRelu(layers, inChannels, width, 3);
    this.pool1 = layers.pool(width, HALVE);
    this.inception3a = block(width, BLOCKS.inception3a);
    this.inception3b = block(this.inception3a.outChannels, BLOCKS.inception3b);
    this.pool3 = layers.pool(this.inception3b.outChannels, HALVE);
    this.inception4a = block(this.inception3b.outChannels, BLOCKS.inception4a);
    this.inception4b = block(this.inception4a.outChannels, BLOCKS.inception4b);
    this.fc = layers.linear(this.inception4b.outChannels, numClasses);
  }

  override forward(x: Tensor): Tensor {
    const stem = this.pool1.forward(this.conv1.forward(x));
    const third = this.pool3.forward(this.inception3b.forward(this.inception3a.forward(stem)));
    const fourth = this.inception4b.forward(this.inception4a.forward(third));
    return this.fc.forward(flatten(adaptiveAvgPool(fourth, 1)));
  }
}

/** A convolution, batch norm and relu. */
export class ConvNormRelu extends Module {
  readonly conv: Conv;
  readonly bn: BatchNorm;

  constructor(layers: LayerFactory, inChannels: number, outChannels: number, kernelSize: number) {
    super();
    this.conv = layers.conv(inChannels, outChannels, kernelSize);
    this.bn = layers.normRelu(outChannels);
  }

  override forward(x: Tensor): Tensor {
    return this.bn.forward(this.conv.forward(x));
  }
}

/** Four views of x joined along the channels: 1×1, 3×3 and 5×5 convolutions, and a pool with a 1×1 convolution. */
export class InceptionBlock extends Module {
  readonly outChannels: number;
  readonly branch1: ConvNormRelu;
  readonly branch2: Sequential;
  readonly branch3: Sequential;
  readonly branch4: Sequential;

  constructor(layers: LayerFactory, inChannels: number, { conv1, conv3, conv5, pool }: InceptionWidths) {
    super();
    const conv = (from: number, to: number, kernelSize: number): ConvNormRelu =>
      new ConvNormRelu(layers, from, to, kernelSize);
    this.outChannels = conv1 + conv3[1] + conv5[1] + pool;
    this.branch1 = conv(inChannels, conv1, 1);
    this.branch2 = new Sequential(conv(inChannels, conv3[0], 1), conv(conv3[0], conv3[1], 3));
    this.branch3 = new Sequential(conv(inChannels, conv5[0], 1), conv(conv5[0], conv5[1], 5));
    this.branch4 = new Sequential(layers.pool(inChannels, KEEP), conv(inChannels, pool, 1));
  }

  override forward(x: Tensor): Tensor {
    const branches = [this.branch1, this.branch2, this.branch3, this.branch4];
    return concat(
      branches.map((branch) => branch.forward(x)),
      1,
    );
  }
}

/** A quarter of GoogLeNet's widths unless told otherwise: 87,198 parameters for 10 classes. */
export function inception(options?: InceptionOptions): Inception {
  return new Inception(options);
}

function scaled({ conv1, conv3, conv5, pool }: InceptionWidths, factor: number): InceptionWidths {
  const scale = (channels: number): number => Math.max(1, Math.round(channels * factor));
  return {
    conv1: scale(conv1),
    conv3: [scale(conv3[0]), scale(conv3[1])],
    conv5: [scale(conv5[0]), scale(conv5[1])],
    pool: scale(pool),
  };
}
