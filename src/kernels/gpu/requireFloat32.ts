/**
 * @file The one dtype of this kernel set.
 */
import { BackendError } from '../../errors.js';
import type { DType } from '../kernels.js';

/** @throws BackendError for any other dtype */
export function requireFloat32(operation: string, dtype: DType): void {
  if (dtype === 'float32') return;
  throw new BackendError(`${operation}: the gpu backend has no ${dtype}; use { backend: 'reference' }`);
}
