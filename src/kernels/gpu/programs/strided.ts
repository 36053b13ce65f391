/**
 * @file Walks over strided axes: broadcasts and gathers, over four axes and over eight.
 *
 * Axis 0 is the slowest. Fewer axes are padded in front with size 1.
 */
import { quotient, remainder } from './indices.js';
import type { Cells, Kernel } from './kernelLanguage.js';

declare function combine(a: number, b: number, scalar: number): number;

/** Σ indexₐ stepₐ of cell i of the shape […, extent1, extent2, extent3]. */
export function walk(
  i: number,
  extent1: number,
  extent2: number,
  extent3: number,
  step0: number,
  step1: number,
  step2: number,
  step3: number,
): number {
  const row = quotient(i, extent3);
  const plane = quotient(row, extent2);
  const volume = quotient(plane, extent1);
  return (
    volume * step0 + (plane - volume * extent1) * step1 + (row - plane * extent2) * step2 + (i - row * extent3) * step3
  );
}

/** Two tensors that are walked together. */
export function zipStrided4(
  this: Kernel<
    | 'size1'
    | 'size2'
    | 'size3'
    | 'strideA0'
    | 'strideA1'
    | 'strideA2'
    | 'strideA3'
    | 'strideB0'
    | 'strideB1'
    | 'strideB2'
    | 'strideB3'
  >,
  a: Cells,
  b: Cells,
  scalar: number,
): number {
  const indexA = walk(
    this.thread.x,
    this.constants.size1,
    this.constants.size2,
    this.constants.size3,
    this.constants.strideA0,
    this.constants.strideA1,
    this.constants.strideA2,
    this.constants.strideA3,
  );
  const indexB = walk(
    this.thread.x,
    this.constants.size1,
    this.constants.size2,
    this.constants.size3,
    this.constants.strideB0,
    this.constants.strideB1,
    this.constants.strideB2,
    this.constants.strideB3,
  );
  return combine(a[indexA], b[indexB], scalar);
}

/** out[i] = x[offset + Σ indexₐ strideₐ]. */
export function gather4(
  this: Kernel<'size1' | 'size2' | 'size3' | 'stride0' | 'stride1' | 'stride2' | 'stride3' | 'offset'>,
  x: Cells,
): number {
  const index =
    this.constants.offset +
    walk(
      this.thread.x,
      this.constants.size1,
      this.constants.size2,
      this.constants.size3,
      this.constants.stride0,
      this.constants.stride1,
      this.constants.stride2,
      this.constants.stride3,
    );
  return x[index];
}

/** Two tensors that are walked together. */
export function zipStrided8(
  this: Kernel<
    | 'size1'
    | 'size2'
    | 'size3'
    | 'size5'
    | 'size6'
    | 'size7'
    | 'inner'
    | 'strideA0'
    | 'strideA1'
    | 'strideA2'
    | 'strideA3'
    | 'strideA4'
    | 'strideA5'
    | 'strideA6'
    | 'strideA7'
    | 'strideB0'
    | 'strideB1'
    | 'strideB2'
    | 'strideB3'
    | 'strideB4'
    | 'strideB5'
    | 'strideB6'
    | 'strideB7'
  >,
  a: Cells,
  b: Cells,
  scalar: number,
): number {
  const outer = quotient(this.thread.x, this.constants.inner);
  const cell = remainder(this.thread.x, this.constants.inner);
  const outerIndexA = walk(
    outer,
    this.constants.size1,
    this.constants.size2,
    this.constants.size3,
    this.constants.strideA0,
    this.constants.strideA1,
    this.constants.strideA2,
    this.constants.strideA3,
  );
  const indexA =
    outerIndexA +
    walk(
      cell,
      this.constants.size5,
      this.constants.size6,
      this.constants.size7,
      this.constants.strideA4,
      this.constants.strideA5,
      this.constants.strideA6,
      this.constants.strideA7,
    );
  const outerIndexB = walk(
    outer,
    this.constants.size1,
    this.constants.size2,
    this.constants.size3,
    this.constants.strideB0,
    this.constants.strideB1,
    this.constants.strideB2,
    this.constants.strideB3,
  );
  const indexB =
    outerIndexB +
    walk(
      cell,
      this.constants.size5,
      this.constants.size6,
      this.constants.size7,
      this.constants.strideB4,
      this.constants.strideB5,
      this.constants.strideB6,
      this.constants.strideB7,
    );
  return combine(a[indexA], b[indexB], scalar);
}

/** out[i] = x[offset + Σ indexₐ strideₐ]. */
export function gather8(
  this: Kernel<
    | 'size1'
    | 'size2'
    | 'size3'
    | 'size5'
    | 'size6'
    | 'size7'
    | 'inner'
    | 'stride0'
    | 'stride1'
    | 'stride2'
    | 'stride3'
    | 'stride4'
    | 'stride5'
    | 'stride6'
    | 'stride7'
    | 'offset'
  >,
  x: Cells,
): number {
  const outer = quotient(this.thread.x, this.constants.inner);
  const cell = remainder(this.thread.x, this.constants.inner);
  const outerIndex = walk(
    outer,
    this.constants.size1,
    this.constants.size2,
    this.constants.size3,
    this.constants.stride0,
    this.constants.stride1,
    this.constants.stride2,
    this.constants.stride3,
  );
  const index =
    this.constants.offset +
    outerIndex +
    walk(
      cell,
      this.constants.size5,
      this.constants.size6,
      this.constants.size7,
      this.constants.stride4,
      this.constants.stride5,
      this.constants.stride6,
      this.constants.stride7,
    );
  return x[index];
}
