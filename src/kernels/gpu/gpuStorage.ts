/**
 * @file A tensor's cells in the memory of a mode, or a place for them until the kernel that makes them has run.
 */
import { type BackendError, DisposedError } from '../../errors.js';
import type { Storage } from '../kernels.js';
import type { Handle } from './adapters/adapter.js';

export class GpuStorage implements Storage {
  readonly dtype = 'float32';
  readonly length: number;
  /** Absent before its kernel has run, after it was released, and where there are no cells. */
  handle: Handle | undefined;
  /** Why there will never be a handle. */
  error: BackendError | undefined;
  #isFreed = false;

  constructor(length: number, handle?: Handle) {
    this.length = length;
    this.handle = handle;
  }

  /**
   * That it may be used.
   *
   * @throws DisposedError after it was freed
   * @throws BackendError if the kernel that was to make it failed
   */
  requireUsable(): void {
    if (this.#isFreed) throw new DisposedError(`gpu: storage of ${this.length} values used after it was freed`);
    if (this.error) throw this.error;
  }

  /** From now on it may not be used; kernels that wait still have its handle. */
  markFreed(): void {
    if (this.#isFreed) throw new DisposedError(`gpu: storage of ${this.length} values freed twice`);
    this.#isFreed = true;
  }
}
