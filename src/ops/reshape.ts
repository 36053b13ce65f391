/**
 * @file Other shapes over the same cells. No cell is copied.
 */
import { ShapeError } from '../errors.js';
import { normalizeAxis, resolveShape, type Shape, sizeAt } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { record } from './defineOp.js';

/**
 * The same cells in another shape; one size may be −1. Always a new tensor, so that disposing it leaves `x` alone.
 *
 * @throws ShapeError if the shape doesn't hold the cells
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const target = resolveShape('reshape', shape, x.size);
  const node = record('reshape', [x], ([cotangent]) => [cotangent && reshape(cotangent, x.shape)]);
  return x.alias(target, node);
}

/** Joins the axes from `startAxis` to `endAxis` into one; by default `[N, …]` becomes `[N, rest]`. */
export function flatten(x: Tensor, startAxis = 1, endAxis = -1): Tensor {
  if (x.rank === 0) return reshape(x, [1]);
  const from = normalizeAxis('flatten', startAxis, x.rank);
  const to = normalizeAxis('flatten', endAxis, x.rank);
  if (from > to)
    throw new ShapeError(`flatten: startAxis ${startAxis} lies behind endAxis ${endAxis} for rank ${x.rank}`);
  const joined = x.shape.slice(from, to + 1).reduce((product, size) => product * size, 1);
  return reshape(x, [...x.shape.slice(0, from), joined, ...x.shape.slice(to + 1)]);
}

/** Removes one axis of size 1, or all of them. */
export function squeeze(x: Tensor, axis?: number): Tensor {
  if (axis === undefined)
    return reshape(
      x,
      x.shape.filter((size) => size !== 1),
    );
  const index = normalizeAxis('squeeze', axis, x.rank);
  const size = sizeAt(x.shape, index);
  if (size !== 1) throw new ShapeError(`squeeze: axis ${axis} of [${x.shape}] has size ${size}, needs 1`);
  return reshape(x, [...x.shape.slice(0, index), ...x.shape.slice(index + 1)]);
}

/** Adds an axis of size 1 in front of `axis`. */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  const index = normalizeAxis('unsqueeze', axis, x.rank + 1);
  return reshape(x, [...x.shape.slice(0, index), 1, ...x.shape.slice(index)]);
}
