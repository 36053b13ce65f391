/**
 * @file Batch normalisation layers: one computation, checked for the rank that the name promises.
 */
import { ShapeError } from '../errors.js';
import { type BatchNormOptions, batchNorm } from '../ops/index.js';
import { type CreateOptions, ones, zeros } from '../tensor/create.js';
import type { Parameter } from '../tensor/parameter.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Buffer } from './buffer.js';
import { Module } from './module.js';
import { ownedBuffer, ownedParameter } from './owned.js';

export interface BatchNormLayerOptions
  extends Pick<BatchNormOptions, 'eps' | 'momentum' | 'activation'>,
    Omit<CreateOptions, 'requiresGrad'> {
  /** Whether to learn a scale and a shift per channel. Default true. */
  readonly affine?: boolean | undefined;
}

/** What batch norms of all ranks share. */
export abstract class BatchNorm extends Module {
  readonly numFeatures: number;
  readonly options: Pick<BatchNormOptions, 'eps' | 'momentum' | 'activation'>;
  /** γ, `[C]` */
  readonly weight: Parameter | undefined;
  /** `[C]` */
  readonly bias: Parameter | undefined;
  /** `[C]`, what evaluation normalises by. */
  readonly runningMean: Buffer;
  /** `[C]`, what evaluation normalises by. */
  readonly runningVar: Buffer;
  readonly #ranks: readonly number[];

  constructor(ranks: readonly number[], numFeatures: number, options: BatchNormLayerOptions) {
    super();
    const { affine = true, dtype, backend, ...normalization } = options;
    const place = { dtype, backend };
    this.#ranks = ranks;
    this.numFeatures = numFeatures;
    this.options = normalization;
    this.weight = affine ? ownedParameter(ones(numFeatures, place)) : undefined;
    this.bias = affine ? ownedParameter(zeros(numFeatures, place)) : undefined;
    this.runningMean = ownedBuffer(zeros(numFeatures, place));
    this.runningVar = ownedBuffer(ones(numFeatures, place));
  }

  override forward(x: Tensor): Tensor {
    if (!this.#ranks.includes(x.rank)) {
      throw new ShapeError(
        `${this.constructor.name}: input must have rank ${this.#ranks.join(' or ')}, got [${x.shape}]`,
      );
    }
    const { weight, bias, runningMean, runningVar, training } = this;
    return batchNorm(x, { ...this.options, weight, bias, runningMean, runningVar, training });
  }
}

/** `[N, C]` or `[N, C, L]`. */
export class BatchNorm1d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super([2, 3], numFeatures, options);
  }
}

/** `[N, C, H, W]`. */
export class BatchNorm2d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super([4], numFeatures, options);
  }
}

/** `[N, C, D, H, W]`. */
export class BatchNorm3d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super([5], numFeatures, options);
  }
}
