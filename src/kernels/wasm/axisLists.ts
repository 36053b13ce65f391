/**
 * @file How a walk over axes is put into memory: lists of eight whole numbers, outermost axis first, filled up in front.
 */
import { BackendError } from '../../errors.js';

const MAX_RANK = 8;

/** A list of sizes, and lists that belong to it, one entry per axis, with what fills each up. */
interface AxisList {
  readonly values: readonly number[];
  readonly filler: number;
}

/**
 * The lists one behind the other.
 *
 * @throws BackendError if there are more than eight axes
 */
function axisLists(operation: string, lists: readonly AxisList[]): number[] {
  return lists.flatMap(({ values, filler }) => {
    if (values.length > MAX_RANK) {
      throw new BackendError(
        `wasm: ${operation} walks over at most ${MAX_RANK} axes, got [${values}]; reshape, or use { backend: 'reference' }`,
      );
    }
    return [...new Array<number>(MAX_RANK - values.length).fill(filler), ...values];
  });
}

/** Sizes and flags of a reduction. */
export function reductionAxes(shape: readonly number[], reduced: readonly boolean[]): number[] {
  return axisLists('reduce', [
    { values: shape, filler: 1 },
    { values: reduced.map(Number), filler: 0 },
  ]);
}

/**
 * Sizes and strides of one or two operands, after axes that one step walks as well as two have become one: the longer the
 * innermost axis, the better.
 */
export function stridedAxes(
  operation: string,
  shape: readonly number[],
  ...operands: readonly (readonly number[])[]
): number[] {
  const sizes: number[] = [];
  const strides = operands.map((): number[] => []);
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    const outer = sizes[last];
    const steps = operands.map((operand) => operand[axis] ?? 0);
    if (outer !== undefined && strides.every((list, i) => list[last] === (steps[i] ?? 0) * size)) {
      sizes[last] = outer * size;
      strides.forEach((list, i) => {
        list[last] = steps[i] ?? 0;
      });
      return;
    }
    sizes.push(size);
    strides.forEach((list, i) => {
      list.push(steps[i] ?? 0);
    });
  });
  const lists = strides.map((values) => ({ values, filler: 0 }));
  return axisLists(operation, [{ values: sizes, filler: 1 }, ...lists]);
}
