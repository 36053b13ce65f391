/**
 * @file Elementwise comparisons: 1 where true, else 0. They are piecewise constant, so no gradient flows through them.
 */
import type { BinaryOp } from '../kernels/kernels.js';
import { broadcastLayout, broadcastShapes } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { defineOp, type Op } from './defineOp.js';

function comparison(name: BinaryOp): (a: Tensor, b: Tensor | number) => Tensor {
  const op: Op<readonly [Tensor, Tensor]> = defineOp({
    name,
    shape: ([a, b]) => broadcastShapes(name, a.shape, b.shape),
    forward: (kernels, [a, b], _, shape) =>
      kernels.binary(name, a.storage, b.storage, broadcastLayout(a.shape, b.shape, shape), 0),
    vjp: () => [undefined, undefined],
  });
  return (a, b) => {
    const other = typeof b === 'number' ? a.derive(a.kernels.fill(1, b, a.dtype), []) : b;
    return op([a.detach(), other.detach()], undefined);
  };
}

/** 1 where a = b, else 0 */
export const equal = comparison('equal');
/** 1 where a > b, else 0 */
export const greater = comparison('greater');
/** 1 where a ≥ b, else 0 */
export const greaterEqual = comparison('greaterEqual');
/** 1 where a < b, else 0 */
export const less = comparison('less');
/** 1 where a ≤ b, else 0 */
export const lessEqual = comparison('lessEqual');
