/**
 * @file Choosing between two tensors, cell by cell.
 */
import { broadcastShapes, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { broadcastTo, sumTo } from './broadcast.js';
import { defineOp, type Op } from './defineOp.js';

const whereOp: Op<readonly [Tensor, Tensor, Tensor]> = defineOp({
  name: 'where',
  shape: ([condition]) => condition.shape,
  forward: (kernels, [condition, a, b]) => kernels.where(condition.storage, a.storage, b.storage),
  vjp: (cotangent, { inputs: [condition, a, b] }) => [
    undefined,
    () => sumTo(where(condition, cotangent, 0), a.shape),
    () => sumTo(where(condition, 0, cotangent), b.shape),
  ],
});

/** `a` where `condition` isn't 0, else `b`. All three broadcast; what isn't chosen doesn't matter, NaN included. */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  const tensors = [a, b].map((value) =>
    typeof value === 'number' ? condition.derive(condition.kernels.fill(1, value, condition.dtype), []) : value,
  ) as [Tensor, Tensor];
  const shape = tensors.reduce<readonly number[]>((s, t) => broadcastShapes('where', s, t.shape), condition.shape);
  const expand = (t: Tensor): Tensor => (sameShape(t.shape, shape) ? t : broadcastTo(t, shape));
  return whereOp([expand(condition.detach()), expand(tensors[0]), expand(tensors[1])], undefined);
}
