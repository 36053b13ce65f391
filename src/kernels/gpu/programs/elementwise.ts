/**
 * @file Functions of one, two and three tensors, cell by cell. The functions are supplied: unaryFunctions, binaryFunctions.
 */
import type { Cells, Kernel } from './kernelLanguage.js';

declare function apply(x: number, scalar: number): number;
declare function combine(a: number, b: number, scalar: number): number;

/** The value everywhere. */
export function fill(this: Kernel, value: number): number {
  return value;
}

export function map(this: Kernel, x: Cells, scalar: number): number {
  return apply(x[this.thread.x], scalar);
}

/** Two tensors of one shape. */
export function zip(this: Kernel, a: Cells, b: Cells, scalar: number): number {
  return combine(a[this.thread.x], b[this.thread.x], scalar);
}

/** a where condition ≠ 0, else b. */
export function select(this: Kernel, condition: Cells, a: Cells, b: Cells): number {
  if (condition[this.thread.x] === 0) return b[this.thread.x];
  return a[this.thread.x];
}
