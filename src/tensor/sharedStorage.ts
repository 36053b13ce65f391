/**
 * @file A storage and the tensors that share it: a reshape or a detached tensor is a second reference to the same cells.
 */
import { DisposedError } from '../errors.js';
import type { Kernels, Storage } from '../kernels/kernels.js';

const live = { bytes: 0, storages: 0 };
let peakBytes = 0;

/** Bytes and number of storages that are alive, over all backends. */
export function liveStorages(): Readonly<typeof live> {
  return { ...live };
}

/** The most bytes that were alive at one moment since `resetPeakMemory`, over all backends. */
export function peakMemory(): number {
  return peakBytes;
}

/** Starts `peakMemory` anew, from what is alive now. */
export function resetPeakMemory(): void {
  peakBytes = live.bytes;
}

/** Counts the tensors that hold a storage, and frees it with the last of them. */
export class SharedStorage {
  readonly kernels: Kernels;
  readonly #storage: Storage;
  readonly #bytes: number;
  #references = 1;

  constructor(kernels: Kernels, storage: Storage) {
    this.kernels = kernels;
    this.#storage = storage;
    this.#bytes = storage.length * (storage.dtype === 'float32' ? 4 : 8);
    live.bytes += this.#bytes;
    peakBytes = Math.max(peakBytes, live.bytes);
    live.storages += 1;
  }

  get storage(): Storage {
    if (this.#references === 0) throw new DisposedError('storage: used after it was freed');
    return this.#storage;
  }

  get isShared(): boolean {
    return this.#references > 1;
  }

  retain(): this {
    this.#references += 1;
    return this;
  }

  release(): void {
    if (--this.#references > 0) return;
    this.#forget();
    this.kernels.free(this.#storage);
  }

  /** Gives the storage away to a kernel that consumes it. */
  surrender(): Storage {
    this.#references = 0;
    this.#forget();
    return this.#storage;
  }

  #forget(): void {
    live.bytes -= this.#bytes;
    live.storages -= 1;
  }
}
