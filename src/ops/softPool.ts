/**
 * @file SoftPool (Stergiou, Poppe and Kalliatakis, "Refining activation downsampling with SoftPool", ICCV 2021).
 *
 *   w = softmax(βx) over the window      y = Σ wᵢxᵢ      ∂y/∂xᵢ = wᵢ(1 + β(xᵢ − y))
 *
 * It is importance pooling with ℓ = βx. A fixed β has fused kernels; a learned β, and the paper's gradient with the weights
 * held constant, are written as what they are.
 */
import { ArgumentError, ShapeError } from '../errors.js';
import type { WindowOptions } from '../kernels/windowGeometry.js';
import type { Tensor } from '../tensor/tensor.js';
import { add, mul } from './arithmetic.js';
import { defineOp, type Op } from './defineOp.js';
import { importanceLogitsGrad, importancePool, importanceUnpool } from './importancePool.js';
import { type PoolWindow, poolWindow } from './poolWindow.js';
import { reshape } from './reshape.js';
import { vjpOf } from './vjpOf.js';

export interface SoftPoolOptions extends WindowOptions {
  /**
   * Temperature: 0 is average pooling, +∞ tends to max pooling. A tensor (one value, or one per channel) is learned.
   * Default 1.
   */
  readonly beta?: number | Tensor | undefined;
  /** `detached` holds the weights constant, as the paper's implementation does. Default `exact`. */
  readonly gradient?: 'exact' | 'detached' | undefined;
}

/** A window with its temperature. */
export interface SoftWindow extends PoolWindow {
  readonly beta: number;
}

const fusedSoftPool: Op<readonly [Tensor], SoftWindow> = defineOp({
  name: 'softPool',
  shape: (_, { y }) => y,
  forward: (kernels, [x], { beta, geometry }) => kernels.softPool(x.storage, beta, geometry),
  vjp: (g, { inputs: [x], attributes: window }) => [softPoolGrad([g, x], window)],
});

/** Each cell's Σ g wᵢ(1 + β(xᵢ − y)) over the windows it is in. */
const softPoolGrad: Op<readonly [Tensor, Tensor], SoftWindow> = defineOp({
  name: 'softPoolGrad',
  shape: (_, { x }) => x,
  forward: (kernels, [g, x], { beta, geometry }) => kernels.softPoolGrad(g.storage, x.storage, beta, geometry),
  // It is the sum of importance pooling's two gradients at ℓ = βx, and differentiated as that.
  vjp: (c, { inputs: [g, x], attributes: window }) => {
    const { beta } = window;
    const definition = (cotangent: Tensor, input: Tensor): Tensor => {
      const logits = mul(input, beta);
      return add(
        importanceUnpool([cotangent, logits], window),
        mul(importanceLogitsGrad([cotangent, input, logits], window), beta),
      );
    };
    return vjpOf(definition, [g, x], c);
  },
});

/**
 * Pools each channel over one axis by its exponentially weighted average.
 *
 * @param x `[N, C, L]` or `[C, L]`
 * @returns `[N, C, L']` or `[C, L']`, sizes by the usual pooling rule
 * @throws ShapeError if a window exceeds the padded input
 */
export function softPool1d(x: Tensor, options: SoftPoolOptions): Tensor {
  return softPool('softPool1d', 1, x, options);
}

/** SoftPool over two axes: `[N, C, H, W]` or `[C, H, W]` → `[…, H', W']`; see `softPool1d`. */
export function softPool2d(x: Tensor, options: SoftPoolOptions): Tensor {
  return softPool('softPool2d', 2, x, options);
}

/** SoftPool over three axes: `[N, C, D, H, W]` or `[C, D, H, W]` → `[…, D', H', W']`; see `softPool1d`. */
export function softPool3d(x: Tensor, options: SoftPoolOptions): Tensor {
  return softPool('softPool3d', 3, x, options);
}

function softPool(operation: string, rank: 1 | 2 | 3, x: Tensor, options: SoftPoolOptions): Tensor {
  const { beta = 1, gradient = 'exact' } = options;
  const window = poolWindow(operation, x, rank, options);
  if (gradient !== 'exact' && gradient !== 'detached') {
    throw new ArgumentError(`${operation}: gradient must be 'exact' or 'detached', got '${gradient}'`);
  }
  if (typeof beta === 'number' && !Number.isFinite(beta)) {
    throw new ArgumentError(`${operation}: beta must be finite, got ${beta}; use max pooling for β → ∞`);
  }
  if (typeof beta === 'number' && gradient === 'exact') return fusedSoftPool([x], { ...window, beta });
  const logits = mul(x, typeof beta === 'number' ? beta : perChannel(operation, beta, x, rank));
  return importancePool([x, gradient === 'detached' ? logits.detach() : logits], window);
}

/** β with one value for all channels, or one per channel, ready to broadcast against x. */
function perChannel(operation: string, beta: Tensor, x: Tensor, rank: number): Tensor {
  const channels = x.shape[x.rank - rank - 1];
  if (beta.size !== 1 && beta.size !== channels) {
    throw new ShapeError(`${operation}: beta must hold 1 value or one per channel (${channels}), got [${beta.shape}]`);
  }
  return reshape(beta, [beta.size, ...new Array<number>(rank).fill(1)]);
}
