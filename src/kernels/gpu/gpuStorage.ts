/**
 * @file A tensor's cells in the memory of a mode, or a place for them until the kernel that makes them has run. Several tensors
 * may be parts of one storage: results of one kernel.
 */
import { type BackendError, DisposedError } from '../../errors.js';
import type { Storage } from '../kernels.js';
import type { Handle } from './adapters/adapter.js';

/** Where a part lies. */
export interface Place {
  readonly whole: GpuStorage;
  /** Its first cell in the whole. */
  readonly first: number;
}

/** Parts begin at multiples of so many cells: every WebGPU device can bind a buffer from there on. */
const PART_ALIGNMENT = 64;

/** Cells from the beginning of a part to that of the next. */
export function partStride(length: number): number {
  return Math.ceil(length / PART_ALIGNMENT) * PART_ALIGNMENT;
}

/** Where storages of these lengths begin if they lie side by side, and where the last one ends. */
export function placesOf(lengths: readonly number[]): { begins: readonly number[]; end: number } {
  let end = 0;
  const begins = lengths.map((length) => {
    const begin = partStride(end);
    end = begin + length;
    return begin;
  });
  return { begins, end };
}

export class GpuStorage implements Storage {
  readonly dtype = 'float32';
  readonly length: number;
  /** Present in parts, which have no handle of their own. */
  readonly place: Place | undefined;
  /** Absent before its kernel has run, after it was released, in parts, and where there are no cells. */
  handle: Handle | undefined;
  /** Parts that aren't released; the last one takes the whole with it. */
  parts = 0;
  #error: BackendError | undefined;
  #isFreed = false;

  constructor(length: number, handle?: Handle, place?: Place) {
    this.length = length;
    this.handle = handle;
    this.place = place;
  }

  /** Why there will never be a handle, or why what is in it is of no use. */
  get error(): BackendError | undefined {
    return this.place ? this.place.whole.error : (this.#error ?? this.handle?.error);
  }

  set error(error: BackendError | undefined) {
    this.#error = error;
  }

  /** Cells `first` and following, as a storage that is freed by itself; this one isn't to be freed then. */
  part(first: number, length: number): GpuStorage {
    this.parts += 1;
    return new GpuStorage(length, undefined, { whole: this, first });
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
