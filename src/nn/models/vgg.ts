/**
 * @file Pooled VGG-11 for CIFAR: Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition"
 * (ICLR 2015), configuration A, with batch norm and, as usual at this size, one linear layer.
 *
 * Eight 3×3 convolutions and five pools (kernel 2, stride 2), which take 32×32 to 1×1.
 */
import { adaptiveAvgPool, flatten } from '../../ops/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Identity } from '../identity.js';
import type { Linear } from '../linear.js';
import { Module } from '../module.js';
import { Sequential } from '../sequential.js';
import { checkSizes } from './checkSizes.js';
import { LayerFactory } from './layerFactory.js';
import type { ModelOptions } from './modelOptions.js';

export interface VggOptions extends ModelOptions {
  /** Channels of the first convolution, 64 in the paper; the widest has 8 times as many. Default 16. */
  readonly width?: number | undefined;
}

/** Configuration A: channels of the convolutions, in units of the first one's. */
const LAYERS = [1, 'pool', 2, 'pool', 4, 4, 'pool', 8, 8, 'pool', 8, 8, 'pool'] as const;

/** `[N, inChannels, H, W]` → logits `[N, numClasses]`; H and W at least 32. */
export class Vgg extends Module {
  readonly features: Sequential;
  readonly classifier: Linear;

  /** @throws ArgumentError if the width isn't a positive integer */
  constructor(options: VggOptions = {}) {
    super();
    const { width = 16, numClasses = 10, inChannels = 3 } = options;
    checkSizes('vgg', { width });
    const layers = new LayerFactory(2, options);
    let channels = inChannels;
    const features = LAYERS.flatMap((layer) => {
      if (layer === 'pool') return [layers.pool(channels)];
      const from = channels;
      channels = layer * width;
      // PyTorch's relu is a layer of its own; the identity in its place keeps the numbers of those that follow.
      return [layers.conv(from, channels, 3), layers.normRelu(channels), new Identity()];
    });
    this.features = new Sequential(...features);
    this.classifier = layers.linear(channels, numClasses);
  }

  override forward(x: Tensor): Tensor {
    return this.classifier.forward(flatten(adaptiveAvgPool(this.features.forward(x), 1)));
  }
}

/** A quarter of the paper's widths unless told otherwise: 579,098 parameters for 10 classes. */
export function vgg(options?: VggOptions): Vgg {
  return new Vgg(options);
}
