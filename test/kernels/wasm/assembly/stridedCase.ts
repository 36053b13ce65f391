/**
 * @file Shapes and strides for the tests of kernels that walk over axes.
 */

/** Axes in a list of eight, filled up in front. */
export function axisList(values: readonly number[], filler: number): number[] {
  return [...new Array<number>(8 - values.length).fill(filler), ...values];
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}

/** Row-major strides of a dense shape. */
export function contiguous(shape: readonly number[]): number[] {
  return shape.map((_, axis) => product(shape.slice(axis + 1)));
}
