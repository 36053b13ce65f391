/**
 * @file Matrix products with bias and activation. Where there is no bias, another tensor stands in for it and isn't read.
 *
 * Rows of all batch entries are counted together; `rowStride…` and `columnStride…` walk op(A) and op(B), transposed or not.
 * A block of 2×2 reads each cell once for two products: at 256³ it takes 0.53 of the time of single cells in `webgpu` and 0.79
 * in `webasm`, the rearrangement included; four cells in a row, which need none, take 0.70 and 0.82.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel, Quad } from './kernelLanguage.js';

/** max(total, 0) where there is a relu; NaN stays NaN. */
export function activated(total: number, rectifies: number): number {
  if (rectifies > 0 && total <= 0) return 0;
  return total;
}

export function matmul(
  this: Kernel<
    | 'm'
    | 'n'
    | 'k'
    | 'batchStrideA'
    | 'batchStrideB'
    | 'rowStrideA'
    | 'columnStrideA'
    | 'rowStrideB'
    | 'columnStrideB'
    | 'hasBias'
    | 'hasRelu'
  >,
  a: Cells,
  b: Cells,
  bias: Cells,
): number {
  const row = quotient(this.thread.x, this.constants.n);
  const column = this.thread.x - row * this.constants.n;
  const entry = quotient(row, this.constants.m);
  let atA = entry * this.constants.batchStrideA + (row - entry * this.constants.m) * this.constants.rowStrideA;
  let atB = entry * this.constants.batchStrideB + column * this.constants.columnStrideB;
  let total = 0;
  for (let step = 0; step < this.constants.k; step++) {
    total += a[atA] * b[atB];
    atA += this.constants.columnStrideA;
    atB += this.constants.rowStrideB;
  }
  if (this.constants.hasBias > 0) total += bias[column];
  return activated(total, this.constants.hasRelu);
}

/** Blocks of 2×2 cells, side by side, row by row. One that juts out computes its last row or column twice. */
export function matmulBlocks(
  this: Kernel<
    | 'm'
    | 'n'
    | 'k'
    | 'blockRows'
    | 'blockColumns'
    | 'batchStrideA'
    | 'batchStrideB'
    | 'rowStrideA'
    | 'columnStrideA'
    | 'rowStrideB'
    | 'columnStrideB'
  >,
  a: Cells,
  b: Cells,
): Quad {
  const blockRow = quotient(this.thread.x, this.constants.blockColumns);
  const entry = quotient(blockRow, this.constants.blockRows);
  const row = 2 * (blockRow - entry * this.constants.blockRows);
  const column = 2 * (this.thread.x - blockRow * this.constants.blockColumns);
  let atA = entry * this.constants.batchStrideA + row * this.constants.rowStrideA;
  let atB = entry * this.constants.batchStrideB + column * this.constants.columnStrideB;
  const toNextRow = this.constants.rowStrideA * Math.min(1, this.constants.m - 1 - row);
  const toNextColumn = this.constants.columnStrideB * Math.min(1, this.constants.n - 1 - column);
  let total0 = 0;
  let total1 = 0;
  let total2 = 0;
  let total3 = 0;
  for (let step = 0; step < this.constants.k; step++) {
    const a0 = a[atA];
    const a1 = a[atA + toNextRow];
    const b0 = b[atB];
    const b1 = b[atB + toNextColumn];
    total0 += a0 * b0;
    total1 += a0 * b1;
    total2 += a1 * b0;
    total3 += a1 * b1;
    atA += this.constants.columnStrideA;
    atB += this.constants.rowStrideB;
  }
  return [total0, total1, total2, total3];
}

/** The cells of `matmulBlocks` in rows. */
export function fromBlocks(
  this: Kernel<'m' | 'n' | 'blockRows' | 'blockColumns' | 'hasBias' | 'hasRelu'>,
  blocks: Cells,
  bias: Cells,
): number {
  const line = quotient(this.thread.x, this.constants.n);
  const column = this.thread.x - line * this.constants.n;
  const entry = quotient(line, this.constants.m);
  const row = line - entry * this.constants.m;
  const blockRow = quotient(row, 2);
  const blockColumn = quotient(column, 2);
  const block = (entry * this.constants.blockRows + blockRow) * this.constants.blockColumns + blockColumn;
  let total = blocks[4 * block + 2 * (row - 2 * blockRow) + column - 2 * blockColumn];
  if (this.constants.hasBias > 0) total += bias[column];
  return activated(total, this.constants.hasRelu);
}
