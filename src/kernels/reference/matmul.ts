/**
 * @file Matrix products, row by row of B so that the inner loop runs over contiguous cells.
 */
import type { Activation } from '../kernels.js';
import type { MatmulGeometry } from '../layouts.js';
import { allocate, at, type ReferenceStorage } from './storage.js';

export function matmul(
  a: ReferenceStorage,
  b: ReferenceStorage,
  bias: ReferenceStorage | undefined,
  geometry: MatmulGeometry,
  activation: Activation,
): ReferenceStorage {
  const { batch, m, n, k, transposeA, transposeB, batchStrideA, batchStrideB } = geometry;
  const [rowA, columnA] = transposeA ? [1, m] : [k, 1];
  const [rowB, columnB] = transposeB ? [1, k] : [n, 1];
  const out = allocate(batch * m * n, a.dtype);
  const row = new Float64Array(n);
  for (let entry = 0; entry < batch; entry++) {
    for (let i = 0; i < m; i++) {
      row.fill(0);
      for (let p = 0; p < k; p++) {
        const factor = at(a.values, entry * batchStrideA + i * rowA + p * columnA);
        const start = entry * batchStrideB + p * rowB;
        for (let j = 0; j < n; j++) row[j] = at(row, j) + factor * at(b.values, start + j * columnB);
      }
      finish(row, bias, activation);
      out.values.set(row, (entry * m + i) * n);
    }
  }
  return out;
}

function finish(row: Float64Array, bias: ReferenceStorage | undefined, activation: Activation): void {
  for (let j = 0; j < row.length; j++) {
    const value = at(row, j) + (bias ? at(bias.values, j) : 0);
    row[j] = activation === 'relu' && value <= 0 ? 0 : value;
  }
}
