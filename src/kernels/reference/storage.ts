/**
 * @file The reference set's storage: a typed array. Numbers are computed in float64 and rounded when stored.
 */
import { BackendError } from '../../errors.js';
import type { DType, FloatArray, Storage } from '../kernels.js';

export interface ReferenceStorage extends Storage {
  readonly values: FloatArray;
}

export function allocate(length: number, dtype: DType): ReferenceStorage {
  try {
    const values = dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
    return { dtype, length, values };
  } catch (error) {
    throw new BackendError(`reference: can't allocate ${length} ${dtype} values`, { cause: error });
  }
}

/** A storage filled by calling `value` for every cell. */
export function generate(length: number, dtype: DType, value: (index: number) => number): ReferenceStorage {
  const out = allocate(length, dtype);
  for (let i = 0; i < length; i++) out.values[i] = value(i);
  return out;
}

/** The value of a cell that is known to exist. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}

/** Where each cell of a strided walk lies. */
export function offsetsOf(shape: readonly number[], strides: readonly number[], offset = 0): Int32Array {
  return shape.reduce((table, size, axis) => {
    const stride = at(strides, axis);
    const next = new Int32Array(table.length * size);
    let cell = 0;
    for (const start of table) for (let i = 0; i < size; i++) next[cell++] = start + i * stride;
    return next;
  }, Int32Array.of(offset));
}
