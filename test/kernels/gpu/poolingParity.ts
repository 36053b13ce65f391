/**
 * @file One call of a pooling kernel on a gpu set and on the reference set.
 */
import type { Kernels, Storage } from '../../../src/kernels/kernels.js';
import { referenceKernels } from '../../../src/kernels/reference/referenceKernels.js';
import type { WindowGeometry } from '../../../src/kernels/windowGeometry.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { expectClose } from '../../support/closeness.js';
import type { Tolerance } from '../../tolerances.js';
import { finite } from '../parity/kernelCase.js';

export interface Operands {
  readonly g: Storage;
  readonly x: Storage;
  /** Logits of importance pooling, keys of max pooling. */
  readonly keys: Storage;
  readonly geometry: WindowGeometry;
  readonly beta: number;
}

/** `keys` are x, and β is 1, unless they are given. */
export interface PoolingValues {
  readonly x: Float32Array;
  readonly keys?: Float32Array;
  readonly beta?: number;
}

/** Gradients of poolings by softmax weights and by the maximum. */
export const gradients = {
  softPoolGrad: (set: Kernels, { g, x, geometry, beta }: Operands) => set.softPoolGrad(g, x, beta, geometry),
  importanceUnpool: (set: Kernels, { g, keys, geometry }: Operands) => set.importanceUnpool(g, keys, geometry),
  importanceLogitsGrad: (set: Kernels, { g, x, keys, geometry }: Operands) =>
    set.importanceLogitsGrad(g, x, keys, geometry),
  maxUnpool: (set: Kernels, { g, keys, geometry }: Operands) => set.maxUnpool(g, keys, geometry),
};
export const backward = {
  ...gradients,
  avgUnpool: (set: Kernels, { g, geometry }: Operands) => set.avgUnpool(g, geometry, false),
  avgUnpoolPadded: (set: Kernels, { g, geometry }: Operands) => set.avgUnpool(g, geometry, true),
};
export const forward = {
  softPool: (set: Kernels, { x, geometry, beta }: Operands) => set.softPool(x, beta, geometry),
  importancePool: (set: Kernels, { x, keys, geometry }: Operands) => set.importancePool(x, keys, geometry),
  maxPool: (set: Kernels, { x, geometry }: Operands) => set.maxPool(x, x, geometry),
  avgPool: (set: Kernels, { x, geometry }: Operands) => set.avgPool(x, geometry, true),
};

/** Values between −4 and 4. */
export function drawn(length: number, seed: number): Float32Array {
  return finite(length, { seed, specials: 'none' });
}

export async function valuesOf(
  set: Kernels,
  run: (set: Kernels, operands: Operands) => Storage,
  geometry: WindowGeometry,
  { x, keys = x, beta = 1 }: PoolingValues,
): Promise<ArrayLike<number>> {
  const cotangents = drawn(geometry.planes * sizeOf(geometry.output), 9);
  const operands = {
    g: set.upload(cotangents, 'float32'),
    x: set.upload(x, 'float32'),
    keys: set.upload(keys, 'float32'),
  };
  const result = run(set, { ...operands, geometry, beta });
  const values = await set.read(result);
  for (const storage of [...Object.values(operands), result]) set.free(storage);
  return values;
}

/** Compares with the reference set; `atol` is in proportion to the largest value in sight. */
export async function expectPoolingParity(
  kernels: Kernels,
  run: (set: Kernels, operands: Operands) => Storage,
  geometry: WindowGeometry,
  values: PoolingValues,
  { rtol, atol }: Pick<Tolerance, 'rtol' | 'atol'>,
): Promise<void> {
  const actual = await valuesOf(kernels, run, geometry, values);
  const expected = await valuesOf(referenceKernels, run, geometry, values);
  const scale = Math.max(1, ...[...values.x, ...Array.from(expected)].map(Math.abs));
  expectClose(actual, expected, { rtol, atol: atol * scale }, JSON.stringify({ ...geometry, beta: values.beta }));
}
