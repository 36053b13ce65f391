/**
 * @file Pooled wide ResNets: Zagoruyko and Komodakis, "Wide residual networks" (BMVC 2016).
 *
 * WRN-d-k has d = 6n + 4 layers in three stages of widths 16k, 32k, 64k; batch norm and relu come before each convolution. A
 * stage that halves the resolution pools what its first block has activated, so main path and shortcut see the same tensor.
 */
import { ArgumentError } from '../../errors.js';
import { adaptiveAvgPool, add, flatten } from '../../ops/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { BatchNorm } from '../batchNorm.js';
import type { Conv } from '../conv.js';
import type { Linear } from '../linear.js';
import { Module } from '../module.js';
import { Sequential } from '../sequential.js';
import { checkSizes } from './checkSizes.js';
import { LayerFactory } from './layerFactory.js';
import type { ModelOptions } from './modelOptions.js';
import { residualStage } from './residualStage.js';

export interface WideResNetOptions extends ModelOptions {
  /** 6n + 4, with n residual blocks per stage. Default 10. */
  readonly depth?: number | undefined;
  /** k: how many times as wide as a ResNet. Default 2. */
  readonly width?: number | undefined;
}

/** `[N, inChannels, H, W]` → logits `[N, numClasses]`; H and W at least 4. */
export class WideResNet extends Module {
  readonly conv1: Conv;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly bn1: BatchNorm;
  readonly linear: Linear;

  /** @throws ArgumentError if the depth isn't 6n + 4 or the width isn't a positive integer */
  constructor(options: WideResNetOptions = {}) {
    super();
    const { depth = 10, width = 2, numClasses = 10, inChannels = 3 } = options;
    const blocks = (depth - 4) / 6;
    if (!Number.isInteger(blocks) || blocks < 1) {
      throw new ArgumentError(`wideResnet: depth must be 6n + 4 (10, 16, 22, 28 …), got ${depth}`);
    }
    checkSizes('wideResnet', { width });
    const layers = new LayerFactory(2, options);
    this.conv1 = layers.conv(inChannels, 16, 3);
    this.layer1 = residualStage(WideBlock, layers, blocks, [16, 16 * width], false);
    this.layer2 = residualStage(WideBlock, layers, blocks, [16 * width, 32 * width], true);
    this.layer3 = residualStage(WideBlock, layers, blocks, [32 * width, 64 * width], true);
    this.bn1 = layers.normRelu(64 * width);
    this.linear = layers.linear(64 * width, numClasses);
  }

  override forward(x: Tensor): Tensor {
    const features = this.layer3.forward(this.layer2.forward(this.layer1.forward(this.conv1.forward(x))));
    return this.linear.forward(flatten(adaptiveAvgPool(this.bn1.forward(features), 1)));
  }
}

/** y = F(a) + shortcut, a = relu(bn(x)), pooled where the resolution halves; the shortcut is x, or a 1×1 convolution of a. */
export class WideBlock extends Module {
  readonly bn1: BatchNorm;
  readonly pool: Module | undefined;
  readonly conv1: Conv;
  readonly bn2: BatchNorm;
  readonly conv2: Conv;
  /** A 1×1 convolution where the width changes. */
  readonly shortcut: Sequential | undefined;

  /** @param halve whether to pool, which goes with a change of width */
  constructor(layers: LayerFactory, inChannels: number, outChannels: number, halve: boolean) {
    super();
    this.bn1 = layers.normRelu(inChannels);
    this.pool = halve ? layers.pool(inChannels) : undefined;
    this.conv1 = layers.conv(inChannels, outChannels, 3);
    this.bn2 = layers.normRelu(outChannels);
    this.conv2 = layers.conv(outChannels, outChannels, 3);
    this.shortcut = inChannels === outChannels ? undefined : new Sequential(layers.conv(inChannels, outChannels, 1));
  }

  override forward(x: Tensor): Tensor {
    const activated = this.bn1.forward(x);
    const pooled = this.pool ? this.pool.forward(activated) : activated;
    const residual = this.conv2.forward(this.bn2.forward(this.conv1.forward(pooled)));
    return add(residual, this.shortcut ? this.shortcut.forward(pooled) : x);
  }
}

/** WRN-10-2 unless told otherwise: 303,706 parameters for 10 classes. */
export function wideResnet(options?: WideResNetOptions): WideResNet {
  return new WideResNet(options);
}
