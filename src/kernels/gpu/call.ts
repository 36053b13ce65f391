/**
 * @file What a program is called with. The compiler checks all names.
 */
import type { GpuStorage } from './gpuStorage.js';

/** A call of a program: its tensors, numbers and compiled-in numbers by name. */
export type Call<Inputs extends string, Scalars extends string, Constants extends string> = {
  readonly inputs: Readonly<Record<Inputs, GpuStorage>>;
  /** Cells of the output. */
  readonly length: number;
} & Named<'scalars', Scalars> &
  Named<'constants', Constants>;

/** The same with several outputs. The program takes the number `begin`: its thread x computes cell x + begin. */
export type PartsCall<
  Inputs extends string,
  Scalars extends string,
  Constants extends string,
  Lengths extends readonly number[],
> = Omit<Call<Inputs, Exclude<Scalars, 'begin'>, Constants>, 'length'> & {
  /** Cells of the outputs, which begin where `placesOf` tells. */
  readonly lengths: Lengths;
};

/** A call whose names were checked. */
export interface AnyCall {
  readonly inputs: Readonly<Record<string, GpuStorage>>;
  readonly length: number;
  readonly scalars: Readonly<Record<string, number>>;
  readonly constants: Readonly<Record<string, number>>;
}

type Named<Key extends string, Names extends string> = [Names] extends [never]
  ? { readonly [K in Key]?: never }
  : { readonly [K in Key]: Readonly<Record<Names, number>> };
