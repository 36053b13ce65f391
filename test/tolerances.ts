/**
 * @file How far a result may be from its reference value, per backend and dtype, and why.
 *
 *   |actual − expected| ≤ atol + rtol · |expected|
 */
import type { BackendName, DType } from '../src/kernels/kernels.js';

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
  readonly reason: string;
}

type Key = `${BackendName} ${DType}`;

export const tolerances = {
  'reference float64': {
    rtol: 1e-10,
    atol: 1e-12,
    reason: 'the same formulas, summed in another order: some 10³ terms of size 1 with 2⁻⁵³ of error each',
  },
  'reference float32': {
    rtol: 1e-5,
    atol: 1e-5,
    reason:
      'sums run in float64 and are stored as float32, half a unit in the 24th bit for each of a few operations in a row',
  },
} as const satisfies Partial<Record<Key, Tolerance>>;
