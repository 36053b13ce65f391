/**
 * @file The layers that the models are made of, for one, two or three axes.
 *
 * Convolutions keep the resolution and pools halve it, so that models differ between pooling strategies in nothing else.
 */
import type { WindowOptions } from '../../ops/poolWindow.js';
import { Generator } from '../../tensor/generator.js';
import { defaultGenerator } from '../../tensor/random.js';
import { type BatchNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d } from '../batchNorm.js';
import { type Conv, Conv1d, Conv2d, Conv3d } from '../conv.js';
import { kaimingNormal } from '../init.js';
import { Linear } from '../linear.js';
import { pool } from '../pooling/poolingRegistry.js';
import type { PoolLayer } from '../pooling/poolLayer.js';
import { byRank, type Rank } from '../rank.js';
import { Sequential } from '../sequential.js';
import type { ModelOptions } from './modelOptions.js';

/** Makes the layers of one model. Pools draw from a stream of their own, so all strategies leave the same weights behind. */
export class LayerFactory {
  readonly rank: Rank;
  readonly #pool: string;
  readonly #weights: Generator;
  readonly #pools: Generator;

  constructor(rank: Rank, { pool = 'soft', generator = defaultGenerator }: ModelOptions) {
    this.rank = rank;
    this.#pool = pool;
    this.#weights = generator;
    this.#pools = new Generator(generator.nextUint32());
  }

  /**
   * A convolution of stride 1 that keeps the size (an even kernel adds one cell), without a bias, since batch norm follows.
   * Weights begin as N(0, 2/fanOut): He, Zhang, Ren and Sun, "Delving deep into rectifiers" (ICCV 2015).
   */
  conv(inChannels: number, outChannels: number, kernelSize: number, { groups = 1 } = {}): Conv {
    const options = { kernelSize, padding: Math.floor(kernelSize / 2), groups, bias: false };
    const Layer = byRank(this.rank, Conv1d, Conv2d, Conv3d);
    return new Layer(inChannels, outChannels, { ...options, init: heNormal, generator: this.#weights });
  }

  norm(channels: number): BatchNorm {
    return new (byRank(this.rank, BatchNorm1d, BatchNorm2d, BatchNorm3d))(channels);
  }

  /** Batch norm and relu in one. */
  normRelu(channels: number): BatchNorm {
    return new (byRank(this.rank, BatchNorm1d, BatchNorm2d, BatchNorm3d))(channels, { activation: 'relu' });
  }

  /** A pool of the model's strategy; by default it halves every axis. */
  pool(channels: number, window: WindowOptions = { kernelSize: 2, stride: 2 }): PoolLayer {
    return pool(this.#pool, { ...window, rank: this.rank, channels, generator: this.#pools });
  }

  /** What a residual block adds its output to: a convolution of kernel 1 with batch norm where the width changes, else x. */
  shortcut(inChannels: number, outChannels: number): Sequential | undefined {
    if (inChannels === outChannels) return undefined;
    return new Sequential(this.conv(inChannels, outChannels, 1), this.norm(outChannels));
  }

  linear(inFeatures: number, outFeatures: number): Linear {
    return new Linear(inFeatures, outFeatures, { generator: this.#weights });
  }
}

const heNormal: typeof kaimingNormal = (shape, options) => kaimingNormal(shape, { ...options, mode: 'fanOut' });
