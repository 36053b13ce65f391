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
import { mul, neg, sub } from './arithmetic.js';
import { defineOp } from './defineOp.js';
import { type PoolWindow, poolWindow } from './poolWindow.js';

/** P(x; ℓ): y = Σ wᵢxᵢ over each window. */
export const importancePool = defineOp<readonly [Tensor, Tensor], PoolWindow>({
  name: 'importancePool',
  shape: (_, { y }) => y,
  forward: (kernels, [x, logits], { geometry }) => kernels.importancePool(x.storage, logits.storage, geometry),
  vjp: (g, { inputs: [x, logits], output: y, attributes: window }) => [
    () => importanceUnpool([g, logits], window),
    () => importanceLogitsGrad([g, x, logits, y], window),
  ],
});

/** Pᵀ(g; ℓ): each cell's Σ g wᵢ over the windows it is in. */
export const importanceUnpool = defineOp<readonly [Tensor, Tensor], PoolWindow>({
  name: 'importanceUnpool',
  shape: (_, { x }) => x,
  forward: (kernels, [g, logits], { geometry }) => kernels.importanceUnpool(g.storage, logits.storage, geometry),
  vjp: (c, { inputs: [g, logits], attributes: window }) => [
    () => importancePool([c, logits], window),
    () => importanceLogitsGrad([g, c, logits, importancePool([c, logits], window)], window),
  ],
});

/** Each cell's Σ g wᵢ(xᵢ − y) over the windows it is in. */
export const importanceLogitsGrad = defineOp<readonly [Tensor, Tensor, Tensor, Tensor], PoolWindow>({
  name: 'importanceLogitsGrad',
  shape: (_, { x }) => x,
  forward: (kernels, [g, x, logits, y], { geometry }) =>
    kernels.importanceLogitsGrad(g.storage, x.storage, logits.storage, y.storage, geometry),
  vjp: (c, { inputs: [g, x, logits, y], attributes: window }) => {
    const pooled = importancePool([c, logits], window);
    const product = mul(x, c);
    const pooledProduct = importancePool([product, logits], window);
    return [
      () => sub(pooledProduct, mul(y, pooled)),
      () => mul(c, importanceUnpool([g, logits], window)),
      () =>
        sub(
          importanceLogitsGrad([g, product, logits, pooledProduct], window),
          importanceLogitsGrad([mul(g, y), c, logits, pooled], window),
        ),
      () => neg(mul(g, pooled)),
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
