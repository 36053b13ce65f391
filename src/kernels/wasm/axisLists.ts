/**
 * @file How a walk over axes is put into memory: lists of eight whole numbers, outermost axis first, filled up in front.
 */
import { BackendError } from '../../errors.js';

const MAX_RANK = 8;

/**
 * Sizes and strides of one or two operands, as assembly/strided.ts reads them. Axes that one step walks as well as two become
 * one: the longer the innermost axis, the better.
 *
 * @throws BackendError if more than eight axes remain
 */
export function stridedAxes(
  operation: string,
  shape: readonly number[],
  ...operands: readonly (readonly number[])[]
): number[] {
  const lists = emptyLists(operands.length);
  let at = MAX_RANK;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    if (size === 1) continue;
    const walked = lists[at] ?? 0;
    const isNext = operands.every((strides, i) => strides[axis] === (lists[MAX_RANK * (i + 1) + at] ?? 0) * walked);
    if (at < MAX_RANK && isNext) {
      lists[at] = walked * size;
      continue;
    }
    at -= 1;
    if (at < 0) throw tooManyAxes(operation, shape);
    lists[at] = size;
    for (const [i, strides] of operands.entries()) lists[MAX_RANK * (i + 1) + at] = strides[axis] ?? 0;
  }
  return lists;
}

/**
 * Sizes and flags of a reduction, as assembly/reduce.ts reads them.
 *
 * @throws BackendError if there are more than eight axes
 */
export function reductionAxes(shape: readonly number[], reduced: readonly boolean[]): number[] {
  const lists = emptyLists(1);
  const missing = MAX_RANK - shape.length;
  if (missing < 0) throw tooManyAxes('reduce', shape);
  shape.forEach((size, axis) => {
    lists[missing + axis] = size;
    lists[MAX_RANK + missing + axis] = Number(reduced[axis]);
  });
  return lists;
}

/** Sizes of 1, and as many lists of zeros. */
function emptyLists(count: number): number[] {
  return new Array<number>(MAX_RANK * (count + 1)).fill(1, 0, MAX_RANK).fill(0, MAX_RANK);
}

function tooManyAxes(operation: string, shape: readonly number[]): BackendError {
  return new BackendError(
    `wasm: ${operation} walks over at most ${MAX_RANK} axes that can't be merged, got [${shape}]; use { backend: 'reference' }`,
  );
}
