/**
 * @file One call of the kernel contract with random geometry and values, runnable on any kernel set.
 */
import fc from 'fast-check';
import type { Kernels, Storage } from '../../../src/kernels/kernels.js';
import { Generator } from '../../../src/tensor/generator.js';

/** How values are drawn: all finite, or with some NaN, or with some infinities among them. */
export interface Values {
  readonly seed: number;
  readonly specials: 'none' | 'NaN' | 'infinities';
}

export interface KernelCase {
  readonly inputs: readonly ArrayLike<number>[];
  run(kernels: Kernels, inputs: readonly Storage[]): readonly Storage[];
  /** Numbers of the inputs that the call takes over. */
  readonly consumes?: readonly number[];
  /** Errors grow with Σ |terms| rather than with the result: run the same on absolute values to get it. */
  readonly isSum?: boolean;
  /** What is special about the inputs. */
  readonly specials: Values['specials'];
  /** A result that doesn't depend on a cell which isn't finite may be NaN all the same: a fast algorithm shares work. */
  readonly mayMixCells?: boolean;
  /** Results that make no sense to compare, for instance of a step function at its step. */
  isIllPosed?(expected: readonly ArrayLike<number>[]): boolean;
}

/** A method's cases. A failing one prints its geometry. */
export type Cases = fc.Arbitrary<KernelCase>;

const specialValues = fc.constantFrom<Values['specials']>('none', 'none', 'NaN', 'infinities');

/** Cases from random geometries. */
export function casesOf<G extends object>(
  geometries: fc.Arbitrary<G>,
  build: (geometry: G & Values) => Omit<KernelCase, 'specials'>,
): Cases {
  return fc
    .record({ geometry: geometries, seed: fc.nat(), specials: specialValues })
    .map(({ geometry, seed, specials }) => {
      const drawn = { ...geometry, seed, specials };
      return Object.assign({ ...build(drawn), specials }, { [fc.toStringMethod]: () => JSON.stringify(drawn) });
    });
}

/** Multiples of 1/64 (so that ties happen) between −4 and 4; where asked for, some are NaN or infinite. */
export function values(length: number, { seed, specials }: Values, salt = 0): Float32Array {
  const generator = new Generator(seed + salt * 7919);
  return Float32Array.from({ length }, () => {
    const drawn = generator.uniform();
    if (specials !== 'none' && generator.uniform() < 0.02) return specials === 'NaN' ? Number.NaN : (drawn - 0.5) / 0;
    return Math.round((drawn * 8 - 4) * 64) / 64;
  });
}

/** The same without NaN and infinities. */
export function finite(length: number, { seed }: Values, salt = 0): Float32Array {
  return values(length, { seed, specials: 'none' }, salt);
}

/** Values between 1/8 and 4 + 1/8. */
export function positive(length: number, drawn: Values, salt = 0): Float32Array {
  return finite(length, drawn, salt).map((value) => Math.abs(value) + 0.125);
}

/** A storage that the case knows to be there. */
export function input(inputs: readonly Storage[], index: number): Storage {
  const storage = inputs[index];
  if (!storage) throw new RangeError(`no input ${index}`);
  return storage;
}
