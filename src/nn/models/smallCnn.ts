/**
 * @file A small convolutional network that trains in seconds.
 */
import { adaptiveAvgPool, flatten } from '../../ops/index.js';
import { Generator } from '../../tensor/generator.js';
import { defaultGenerator } from '../../tensor/random.js';
import type { Tensor } from '../../tensor/tensor.js';
import { BatchNorm2d } from '../batchNorm.js';
import { Conv2d } from '../conv.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import { pool } from '../pooling/poolingRegistry.js';
import type { ModelOptions } from './modelOptions.js';

export interface SmallCnnOptions extends ModelOptions {
  /** Channels of the three stages. Default [16, 32, 64]. */
  readonly widths?: readonly [number, number, number] | undefined;
}

/** Three times 3×3 convolution, batch norm and relu, with a pool (kernel 2, stride 2) after the first two. */
export class SmallCnn extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly pool1: Module;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly pool2: Module;
  readonly conv3: Conv2d;
  readonly bn3: BatchNorm2d;
  readonly linear: Linear;

  constructor(options: SmallCnnOptions = {}) {
    super();
    const { pool: poolName = 'soft', numClasses = 10, inChannels = 3, generator = defaultGenerator } = options;
    const [first, second, third] = options.widths ?? [16, 32, 64];
    const pools = new Generator(generator.nextUint32());
    const conv = (from: number, to: number): Conv2d =>
      new Conv2d(from, to, { kernelSize: 3, padding: 1, bias: false, generator });
    const norm = (channels: number): BatchNorm2d => new BatchNorm2d(channels, { activation: 'relu' });
    const halve = (channels: number): Module => pool(poolName, { kernelSize: 2, channels, generator: pools });
    this.conv1 = conv(inChannels, first);
    this.bn1 = norm(first);
    this.pool1 = halve(first);
    this.conv2 = conv(first, second);
    this.bn2 = norm(second);
    this.pool2 = halve(second);
    this.conv3 = conv(second, third);
    this.bn3 = norm(third);
    this.linear = new Linear(third, numClasses, { generator });
  }

  override forward(x: Tensor): Tensor {
    const first = this.pool1.forward(this.bn1.forward(this.conv1.forward(x)));
    const second = this.pool2.forward(this.bn2.forward(this.conv2.forward(first)));
    const third = this.bn3.forward(this.conv3.forward(second));
    return this.linear.forward(flatten(adaptiveAvgPool(third, 1)));
  }
}

/** `[N, inChannels, H, W]` → logits `[N, numClasses]`, 24,346 parameters for 10 classes. */
export function smallCnn(options?: SmallCnnOptions): SmallCnn {
  return new SmallCnn(options);
}
