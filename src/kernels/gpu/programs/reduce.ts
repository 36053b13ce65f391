/**
 * @file Reductions of the middle axis of [outer, size, inner], cut into chunks that are reduced in parallel.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';

declare function accumulate(total: number, value: number): number;

/**
 * The chunks' results [outer, chunks, inner]. A chunk has every `chunks`-th cell of the axis, so that neighbouring threads
 * read neighbouring cells; each has its first.
 */
export function reduceMiddle(this: Kernel<'axisSize' | 'inner' | 'chunks' | 'cellsPerChunk'>, x: Cells): number {
  const line = quotient(this.thread.x, this.constants.inner);
  const column = this.thread.x - line * this.constants.inner;
  const row = quotient(line, this.constants.chunks);
  let position = line - row * this.constants.chunks;
  let at = (row * this.constants.axisSize + position) * this.constants.inner + column;
  let total = x[at];
  for (let step = 1; step < this.constants.cellsPerChunk; step++) {
    position += this.constants.chunks;
    at += this.constants.chunks * this.constants.inner;
    if (position < this.constants.axisSize) total = accumulate(total, x[at]);
  }
  return total;
}
