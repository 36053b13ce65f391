/**
 * @file Scatters over strided axes, as gathers: over four axes and over eight. Fewer are padded in front with size 1.
 */
import { quotient } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';

/**
 * The adjoint of a gather over distinct cells, as a gather: axes are in the order of their strides (all positive, the largest
 * first), so that a cell's indices are the digits of its distance from `offset`; `source` are the strides in x.
 */
export function scatter4(
  this: Kernel<
    | 'size0'
    | 'size1'
    | 'size2'
    | 'size3'
    | 'stride0'
    | 'stride1'
    | 'stride2'
    | 'stride3'
    | 'source0'
    | 'source1'
    | 'source2'
    | 'source3'
    | 'offset'
    | 'start'
  >,
  x: Cells,
): number {
  const rest0 = this.thread.x - this.constants.offset;
  if (rest0 < 0) return 0;
  const digit0 = quotient(rest0, this.constants.stride0);
  if (digit0 >= this.constants.size0) return 0;
  const rest1 = rest0 - digit0 * this.constants.stride0;
  const digit1 = quotient(rest1, this.constants.stride1);
  if (digit1 >= this.constants.size1) return 0;
  const rest2 = rest1 - digit1 * this.constants.stride1;
  const digit2 = quotient(rest2, this.constants.stride2);
  if (digit2 >= this.constants.size2) return 0;
  const rest3 = rest2 - digit2 * this.constants.stride2;
  const digit3 = quotient(rest3, this.constants.stride3);
  if (digit3 >= this.constants.size3) return 0;
  const rest4 = rest3 - digit3 * this.constants.stride3;
  if (rest4 > 0) return 0;
  const index0 = this.constants.start + digit0 * this.constants.source0;
  const index1 = index0 + digit1 * this.constants.source1;
  const index2 = index1 + digit2 * this.constants.source2;
  const index3 = index2 + digit3 * this.constants.source3;
  return x[index3];
}

/**
 * The adjoint of a gather over distinct cells, as a gather: axes are in the order of their strides (all positive, the largest
 * first), so that a cell's indices are the digits of its distance from `offset`; `source` are the strides in x.
 */
export function scatter8(
  this: Kernel<
    | 'size0'
    | 'size1'
    | 'size2'
    | 'size3'
    | 'size4'
    | 'size5'
    | 'size6'
    | 'size7'
    | 'stride0'
    | 'stride1'
    | 'stride2'
    | 'stride3'
    | 'stride4'
    | 'stride5'
    | 'stride6'
    | 'stride7'
    | 'source0'
    | 'source1'
    | 'source2'
    | 'source3'
    | 'source4'
    | 'source5'
    | 'source6'
    | 'source7'
    | 'offset'
    | 'start'
  >,
  x: Cells,
): number {
  const rest0 = this.thread.x - this.constants.offset;
  if (rest0 < 0) return 0;
  const digit0 = quotient(rest0, this.constants.stride0);
  if (digit0 >= this.constants.size0) return 0;
  const rest1 = rest0 - digit0 * this.constants.stride0;
  const digit1 = quotient(rest1, this.constants.stride1);
  if (digit1 >= this.constants.size1) return 0;
  const rest2 = rest1 - digit1 * this.constants.stride1;
  const digit2 = quotient(rest2, this.constants.stride2);
  if (digit2 >= this.constants.size2) return 0;
  const rest3 = rest2 - digit2 * this.constants.stride2;
  const digit3 = quotient(rest3, this.constants.stride3);
  if (digit3 >= this.constants.size3) return 0;
  const rest4 = rest3 - digit3 * this.constants.stride3;
  const digit4 = quotient(rest4, this.constants.stride4);
  if (digit4 >= this.constants.size4) return 0;
  const rest5 = rest4 - digit4 * this.constants.stride4;
  const digit5 = quotient(rest5, this.constants.stride5);
  if (digit5 >= this.constants.size5) return 0;
  const rest6 = rest5 - digit5 * this.constants.stride5;
  const digit6 = quotient(rest6, this.constants.stride6);
  if (digit6 >= this.constants.size6) return 0;
  const rest7 = rest6 - digit6 * this.constants.stride6;
  const digit7 = quotient(rest7, this.constants.stride7);
  if (digit7 >= this.constants.size7) return 0;
  const rest8 = rest7 - digit7 * this.constants.stride7;
  if (rest8 > 0) return 0;
  const index0 = this.constants.start + digit0 * this.constants.source0;
  const index1 = index0 + digit1 * this.constants.source1;
  const index2 = index1 + digit2 * this.constants.source2;
  const index3 = index2 + digit3 * this.constants.source3;
  const index4 = index3 + digit4 * this.constants.source4;
  const index5 = index4 + digit5 * this.constants.source5;
  const index6 = index5 + digit6 * this.constants.source6;
  const index7 = index6 + digit7 * this.constants.source7;
  return x[index7];
}
