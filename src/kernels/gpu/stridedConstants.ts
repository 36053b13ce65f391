/**
 * @file The numbers of a strided walk, by the names that programs/strided.ts gives them.
 */
import { BackendError } from '../../errors.js';
import type { Program } from './program.js';

/** Axes that a walk has at most, after those that can be merged are merged. */
const MAX_AXES = 8;

/** Four where that is enough: fewer divisions. */
export function axesFor(operation: string, rank: number): 4 | 8 {
  if (rank > MAX_AXES)
    throw new BackendError(`${operation}: gpu kernels walk over at most ${MAX_AXES} axes, got ${rank}`);
  return rank <= 4 ? 4 : 8;
}

/** `sizeN` of every axis, padded in front to `axes`, and `inner`, the cells of the last four. */
export function sizeConstants(shape: readonly number[], axes: 4 | 8): Record<string, number> {
  const sizes = padded(shape, axes, 1);
  const inner = sizes.slice(-4).reduce((product, size) => product * size, 1);
  return { ...numbered('size', sizes), inner };
}

/** The strides of every axis, padded in front, named `prefix0`, `prefix1`, … */
export function strideConstants(prefix: string, strides: readonly number[], axes: 4 | 8): Record<string, number> {
  return numbered(prefix, padded(strides, axes, 0));
}

/** Those of the given numbers that a program takes. */
export function constantsOf<C extends string>(
  { name, constants }: Pick<Program<string, string, C>, 'name' | 'constants'>,
  values: Readonly<Record<string, number>>,
): Record<C, number> {
  const entries = constants.map((constant) => {
    const value = values[constant];
    if (value === undefined) throw new BackendError(`gpu: ${name} needs the constant ${constant}`);
    return [constant, value] as const;
  });
  return Object.fromEntries(entries) as Record<C, number>;
}

function padded(values: readonly number[], length: number, filler: number): number[] {
  return [...new Array<number>(length - values.length).fill(filler), ...values];
}

function numbered(prefix: string, values: readonly number[]): Record<string, number> {
  return Object.fromEntries(values.map((value, axis) => [`${prefix}${axis}`, value]));
}
