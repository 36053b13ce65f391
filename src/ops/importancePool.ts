/**
 * @file Importance pooling (Gao, Wang and Wu, LIP, ICCV 2019): every cell of a window weighs in by the softmax of its logit.
 *
 *   w = softmax(ℓ) over the window      y = Σ wᵢxᵢ      ∂y/∂xᵢ = wᵢ      ∂y/∂ℓᵢ = wᵢ(xᵢ − y)
 *
 * SoftPool is ℓ = βx, average pooling ℓ = 0, LIP a small learned network ℓ = G(x). The three operations here are each other's
 * gradients, so derivatives of any order exist.
 */
import { ShapeError } from '../errors.js';
import type { WindowOptions } from '../kernels/windowGeometry.js';
import { sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { add, mul, sub } from './arithmetic.js';
import { defineOp, type Op } from './defineOp.js';
import { type PoolWindow, poolWindow } from './poolWindow.js';

/** P(x; ℓ): y = Σ wᵢxᵢ over each window. */
export const importancePool: Op<readonly [Tensor, Tensor], PoolWindow> = defineOp({
  name: 'importancePool',
  shape: (_, { y }) => y,
  forward: (kernels, [x, logits], { geometry }) => kernels.importancePool(x.storage, logits.storage, geometry),
  vjp: (g, { inputs: [x, logits], attributes: window }) => [
    () => importanceUnpool([g, logits], window),
    () => importanceLogitsGrad([g, x, logits], window),
  ],
});

/** Pᵀ(g; ℓ): each cell's Σ g wᵢ over the windows it is in. */
export const importanceUnpool: Op<readonly [Tensor, Tensor], PoolWindow> = defineOp({
  name: 'importanceUnpool',
  shape: (_, { x }) => x,
  forward: (kernels, [g, logits], { geometry }) => kernels.importanceUnpool(g.storage, logits.storage, geometry),
  vjp: (c, { inputs: [g, logits], attributes: window }) => [
    () => importancePool([c, logits], window),
    () => importanceLogitsGrad([g, c, logits], window),
  ],
});

/** Each cell's Σ g wᵢ(xᵢ − y) over the windows it is in. */
export const importanceLogitsGrad: Op<readonly [Tensor, Tensor, Tensor], PoolWindow> = defineOp({
  name: 'importanceLogitsGrad',
  shape: (_, { x }) => x,
  forward: (kernels, [g, x, logits], { geometry }) =>
    kernels.importanceLogitsGrad(g.storage, x.storage, logits.storage, geometry),
  // ⟨c, ·⟩ is Σ g (P(xc) − P(x)P(c)), the covariance of x and c in each window; this is its product rule.
  vjp: (c, { inputs: [g, x, logits], attributes: window }) => {
    const meanC = importancePool([c, logits], window);
    const meanX = importancePool([x, logits], window);
    return [
      () => sub(importancePool([mul(x, c), logits], window), mul(meanX, meanC)),
      () => sub(mul(c, importanceUnpool([g, logits], window)), importanceUnpool([mul(g, meanC), logits], window)),
      () =>
        sub(
          importanceLogitsGrad([g, mul(x, c), logits], window),
          add(
            importanceLogitsGrad([mul(g, meanX), c, logits], window),
            importanceLogitsGrad([mul(g, meanC), x, logits], window),
          ),
        ),
    ];
  },
});

/**
 * Importance pooling over one axis.
 *
 * @param x `[N, C, L]` or `[C, L]`
 * @param logits the importance map, of x's shape
 * @throws ShapeError if the shapes differ or a window doesn't fit
 */
export function importancePool1d(x: Tensor, logits: Tensor, options: WindowOptions): Tensor {
  return pool('importancePool1d', 1, x, logits, options);
}

/** Importance pooling over two axes: `[N, C, H, W]` or `[C, H, W]`; see `importancePool1d`. */
export function importancePool2d(x: Tensor, logits: Tensor, options: WindowOptions): Tensor {
  return pool('importancePool2d', 2, x, logits, options);
}

/** Importance pooling over three axes: `[N, C, D, H, W]` or `[C, D, H, W]`; see `importancePool1d`. */
export function importancePool3d(x: Tensor, logits: Tensor, options: WindowOptions): Tensor {
  return pool('importancePool3d', 3, x, logits, options);
}

function pool(operation: string, rank: 1 | 2 | 3, x: Tensor, logits: Tensor, options: WindowOptions): Tensor {
  if (!sameShape(x.shape, logits.shape)) {
    throw new ShapeError(`${operation}: logits must have the input's shape [${x.shape}], got [${logits.shape}]`);
  }
  return importancePool([x, logits], poolWindow(operation, x, rank, options));
}
