/**
 * @file WebGPU buffers that are used again: making one costs more than starting a kernel.
 *
 * A buffer may be given back while the device still works on it, and taken at once: one queue runs everything in order.
 */
const { STORAGE, COPY_SRC, COPY_DST } = { STORAGE: 0x80, COPY_SRC: 0x04, COPY_DST: 0x08 };

/** Bytes that may lie idle however little is alive. */
const SMALLEST_RESERVE = 64 * 2 ** 20;

export class BufferPool {
  readonly #device: GPUDevice;
  readonly #submit: () => void;
  /** Idle buffers by size; sizes repeat from step to step. */
  readonly #idle = new Map<number, GPUBuffer[]>();
  #idleBytes = 0;
  #takenBytes = 0;
  #mostTakenBytes = 0;

  /** @param submit hands what is encoded to the device: a buffer in it may not be destroyed before */
  constructor(device: GPUDevice, submit: () => void) {
    this.#device = device;
    this.#submit = submit;
  }

  /** Bytes of all buffers, in use or idle. */
  get bytes(): number {
    return this.#takenBytes + this.#idleBytes;
  }

  /** A buffer of whatever content. */
  take(bytes: number): GPUBuffer {
    this.#takenBytes += bytes;
    this.#mostTakenBytes = Math.max(this.#mostTakenBytes, this.#takenBytes);
    const idle = this.#idle.get(bytes)?.pop();
    if (idle) {
      this.#idleBytes -= bytes;
      return idle;
    }
    return this.#device.createBuffer({ size: bytes, usage: STORAGE | COPY_SRC | COPY_DST });
  }

  /** Keeps a buffer for later, or destroys it if as much lies idle as was ever in use. */
  give(buffer: GPUBuffer): void {
    const bytes = buffer.size;
    this.#takenBytes -= bytes;
    if (this.#idleBytes + bytes > Math.max(SMALLEST_RESERVE, this.#mostTakenBytes)) {
      this.#destroyIdle();
    }
    const idle = this.#idle.get(bytes);
    if (idle) idle.push(buffer);
    else this.#idle.set(bytes, [buffer]);
    this.#idleBytes += bytes;
  }

  destroy(): void {
    this.#destroyIdle();
  }

  #destroyIdle(): void {
    this.#submit();
    for (const buffers of this.#idle.values()) for (const buffer of buffers) buffer.destroy();
    this.#idle.clear();
    this.#idleBytes = 0;
  }
}
