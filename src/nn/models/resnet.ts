/**
 * @file Pooled CIFAR ResNets: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (CVPR 2016), section 4.2,
 * with the halving of the resolution done by a pooling layer, so that pooling strategies can be compared.
 *
 * 6n + 2 layers, widths 16, 32, 64. Every convolution has stride 1; the second and third stage begin with one pool (kernel 2,
 * stride 2) in front of their first block, so main path and shortcut see the same pooled tensor.
 */
import { adaptiveAvgPool, addRelu, flatten } from '../../ops/index.js';
import { Generator } from '../../tensor/generator.js';
import { defaultGenerator } from '../../tensor/random.js';
import type { Tensor } from '../../tensor/tensor.js';
import { BatchNorm2d } from '../batchNorm.js';
import { Conv2d } from '../conv.js';
import { kaimingNormal } from '../init.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import { pool } from '../pooling/poolingRegistry.js';
import { Sequential } from '../sequential.js';

export interface ResNetOptions {
  /** Pooling strategy, a name that `nn.poolNames()` lists. Default `soft`. */
  readonly pool?: string | undefined;
  /** Default 10. */
  readonly numClasses?: number | undefined;
  /** Default 3. */
  readonly inChannels?: number | undefined;
  /** Where weights are drawn from; the same seed gives the same weights whatever the pool. Default: the global one. */
  readonly generator?: Generator | undefined;
}

/** The streams that weights and pooling layers are drawn from. */
interface Streams {
  readonly weights: Generator;
  readonly pools: Generator;
}

/** `[N, inChannels, H, W]` → logits `[N, numClasses]`; H and W at least 4. */
export class ResNet extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly linear: Linear;

  /** @param blocks residual blocks per stage: n of 6n + 2 layers */
  constructor(blocks: number, options: ResNetOptions = {}) {
    super();
    const { pool: poolName = 'soft', numClasses = 10, inChannels = 3, generator = defaultGenerator } = options;
    // Pools draw from a stream of their own, so that all strategies leave the same weights behind.
    const streams = { weights: generator, pools: new Generator(generator.nextUint32()) };
    this.conv1 = conv3x3(inChannels, 16, generator);
    this.bn1 = new BatchNorm2d(16, { activation: 'relu' });
    this.layer1 = stage(blocks, 16, 16, undefined, streams);
    this.layer2 = stage(blocks, 16, 32, poolName, streams);
    this.layer3 = stage(blocks, 32, 64, poolName, streams);
    this.linear = new Linear(64, numClasses, { generator });
  }

  override forward(x: Tensor): Tensor {
    const stem = this.bn1.forward(this.conv1.forward(x));
    const features = this.layer3.forward(this.layer2.forward(this.layer1.forward(stem)));
    return this.linear.forward(flatten(adaptiveAvgPool(features, 1)));
  }
}

/** y = relu(F(x) + shortcut(x)) on the pooled input, with two 3×3 convolutions in F. */
export class BasicBlock extends Module {
  readonly pool: Module | undefined;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  /** A 1×1 convolution with batch norm where the width changes, else the identity. */
  readonly shortcut: Sequential | undefined;

  constructor(inChannels: number, outChannels: number, poolName: string | undefined, { weights, pools }: Streams) {
    super();
    this.pool =
      poolName === undefined
        ? undefined
        : pool(poolName, { rank: 2, kernelSize: 2, stride: 2, channels: inChannels, generator: pools });
    this.conv1 = conv3x3(inChannels, outChannels, weights);
    this.bn1 = new BatchNorm2d(outChannels, { activation: 'relu' });
    this.conv2 = conv3x3(outChannels, outChannels, weights);
    this.bn2 = new BatchNorm2d(outChannels);
    this.shortcut = inChannels === outChannels ? undefined : projection(inChannels, outChannels, weights);
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

function stage(
  blocks: number,
  inChannels: number,
  outChannels: number,
  poolName: string | undefined,
  streams: Streams,
): Sequential {
  const first = new BasicBlock(inChannels, outChannels, poolName, streams);
  const rest = Array.from({ length: blocks - 1 }, () => new BasicBlock(outChannels, outChannels, undefined, streams));
  return new Sequential(first, ...rest);
}

function conv3x3(inChannels: number, outChannels: number, generator: Generator): Conv2d {
  return new Conv2d(inChannels, outChannels, { kernelSize: 3, padding: 1, bias: false, init: heNormal, generator });
}

function projection(inChannels: number, outChannels: number, generator: Generator): Sequential {
  const conv = new Conv2d(inChannels, outChannels, { kernelSize: 1, bias: false, init: heNormal, generator });
  return new Sequential(conv, new BatchNorm2d(outChannels));
}

const heNormal: typeof kaimingNormal = (shape, options) => kaimingNormal(shape, { ...options, mode: 'fanOut' });
