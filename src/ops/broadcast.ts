/**
 * @file Broadcasting and its adjoint, the sum over the repeated axes.
 */
import { ShapeError } from '../errors.js';
import { broadcastShapes, broadcastStrides, type Shape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { defineOp, type Op } from './defineOp.js';
import { sum } from './reduce.js';
import { reshape } from './reshape.js';

const broadcastOp: Op<readonly [Tensor], Shape> = defineOp({
  name: 'broadcastTo',
  shape: ([x], shape) => {
    if (!sameShape(broadcastShapes('broadcastTo', x.shape, shape), shape)) {
      throw new ShapeError(`broadcastTo: shape [${x.shape}] doesn't broadcast to [${shape}]`);
    }
    return shape;
  },
  forward: (kernels, [x], shape) =>
    kernels.gatherStrided(x.storage, { shape, strides: broadcastStrides(x.shape, shape), offset: 0 }),
  vjp: (cotangent, { inputs: [x] }) => [sumTo(cotangent, x.shape)],
});

/**
 * Repeats `x` along new axes and axes of size 1.
 *
 * @throws ShapeError if `x` doesn't broadcast to `shape`
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? reshape(x, shape) : broadcastOp([x], shape);
}

/** Sums over the axes along which `shape` was broadcast to x's shape. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const missing = x.shape.length - shape.length;
  const axes = x.shape.flatMap((size, axis) =>
    axis < missing || (shape[axis - missing] === 1 && size !== 1) ? [axis] : [],
  );
  return reshape(axes.length > 0 ? sum(x, axes) : x, shape);
}
