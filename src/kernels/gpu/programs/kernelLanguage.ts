/**
 * @file The types that kernels are written in. ../README.md tells what their language can and can't do.
 */

/** The cells of a tensor, flat. */
export type Cells = readonly number[];

/** Four neighbouring cells of the output, written by one thread: cells 4·x … 4·x + 3. */
export type Quad = [number, number, number, number];

/** What a kernel finds in `this`: which cell (or quad) it computes, and the numbers that it was compiled for. */
export interface Kernel<Constants extends string = never> {
  readonly thread: { readonly x: number };
  readonly constants: Readonly<Record<Constants, number>>;
}
