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

/** Up to seven tensors side by side, each from its own cell on; what lies between one's last cell and the next is left to chance. */
export function pack(
  this: Kernel,
  part0: Cells,
  part1: Cells,
  part2: Cells,
  part3: Cells,
  part4: Cells,
  part5: Cells,
  part6: Cells,
  begin1: number,
  begin2: number,
  begin3: number,
  begin4: number,
  begin5: number,
  begin6: number,
): number {
  const cell = this.thread.x;
  if (cell >= begin6) return part6[cell - begin6];
  if (cell >= begin5) return part5[cell - begin5];
  if (cell >= begin4) return part4[cell - begin4];
  if (cell >= begin3) return part3[cell - begin3];
  if (cell >= begin2) return part2[cell - begin2];
  if (cell >= begin1) return part1[cell - begin1];
  return part0[cell];
}
