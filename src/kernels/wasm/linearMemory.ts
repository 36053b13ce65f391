/**
 * @file The one memory that tensors, plans and threads share.
 */
import { BackendError } from '../../errors.js';

const PAGE_BYTES = 65536;
/** 4 GiB, as far as 32-bit addresses reach. */
const MAXIMUM_PAGES = 65536;
/** Growing is a system call: it is done in steps of an eighth of the memory, within these bounds. */
const SMALLEST_STEP = 4 << 20;
const LARGEST_STEP = 64 << 20;

export class LinearMemory {
  readonly memory: WebAssembly.Memory;
  /** Whether other threads can see it. */
  readonly isShared: boolean;
  #floats: Float32Array<ArrayBufferLike>;
  #ints: Int32Array<ArrayBufferLike>;

  /** @param initialBytes what exists from the start */
  constructor(initialBytes: number) {
    const { memory, isShared } = reserve(Math.ceil(initialBytes / PAGE_BYTES));
    this.memory = memory;
    this.isShared = isShared;
    this.#floats = new Float32Array(memory.buffer);
    this.#ints = new Int32Array(memory.buffer);
  }

  get bytes(): number {
    return this.#floats.byteLength;
  }

  /** The whole memory; grow, and the array is another. */
  get floats(): Float32Array<ArrayBufferLike> {
    return this.#floats;
  }

  /** The whole memory as whole numbers. */
  get ints(): Int32Array<ArrayBufferLike> {
    return this.#ints;
  }

  /** Makes at least `bytes` exist if the engine allows it, and returns how many do. */
  growTo(bytes: number): number {
    const comfortable = this.bytes + Math.min(Math.max(this.bytes / 8, SMALLEST_STEP), LARGEST_STEP);
    if (bytes > this.bytes && !this.#tryGrow(Math.max(bytes, comfortable))) this.#tryGrow(bytes);
    return this.bytes;
  }

  #tryGrow(bytes: number): boolean {
    const pages = Math.ceil((bytes - this.bytes) / PAGE_BYTES);
    try {
      this.memory.grow(pages);
    } catch {
      return false;
    }
    this.#floats = new Float32Array(this.memory.buffer);
    this.#ints = new Int32Array(this.memory.buffer);
    return true;
  }
}

/** Reserves address space: as much of 4 GiB as the engine gives, shared if it can be. */
function reserve(initial: number): { memory: WebAssembly.Memory; isShared: boolean } {
  for (const shared of mayShareMemory() ? [true, false] : [false]) {
    for (let maximum = MAXIMUM_PAGES; maximum > initial; maximum /= 2) {
      try {
        return { memory: new WebAssembly.Memory({ initial, maximum, shared }), isShared: shared };
      } catch {
        // Phones and 32-bit engines refuse large reservations: ask for half.
      }
    }
  }
  throw new BackendError(
    `wasm: the engine gives no memory of ${initial * PAGE_BYTES} bytes; use setBackend('reference')`,
  );
}

/** Whether memory can be handed to other threads; a page must be cross-origin isolated for that. */
function mayShareMemory(): boolean {
  return typeof SharedArrayBuffer === 'function' && globalThis.crossOriginIsolated !== false;
}
