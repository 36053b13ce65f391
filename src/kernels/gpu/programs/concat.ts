/**
 * @file Tensors side by side, row by row.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';

/** [outer, innerA] and [outer, innerB] become [outer, innerA + innerB]. */
export function concat2(this: Kernel<'innerA' | 'innerB' | 'width'>, a: Cells, b: Cells): number {
  const row = quotient(this.thread.x, this.constants.width);
  const column = this.thread.x - row * this.constants.width;
  if (column < this.constants.innerA) return a[row * this.constants.innerA + column];
  return b[row * this.constants.innerB + column - this.constants.innerA];
}

export function copy(this: Kernel, x: Cells): number {
  return x[this.thread.x];
}
