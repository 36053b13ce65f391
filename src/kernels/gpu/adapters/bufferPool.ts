/**
 * @file WebGPU buffers that are used again.
 *
 * A buffer may be given back while the device still works on it, and taken at once: one queue runs everything in order.
 */
import { Reserve } from './reserve.js';

const { STORAGE, COPY_SRC, COPY_DST } = { STORAGE: 0x80, COPY_SRC: 0x04, COPY_DST: 0x08 };

export class BufferPool {
  readonly #device: GPUDevice;
  readonly #reserve: Reserve<GPUBuffer>;
  /** Buffers that the device had no memory for. */
  readonly #refused = new WeakSet<GPUBuffer>();

  /** @param submit hands what is encoded to the device: a buffer in it may not be destroyed before */
  constructor(device: GPUDevice, submit: () => void) {
    this.#device = device;
    this.#reserve = new Reserve((buffers) => {
      submit();
      for (const buffer of buffers) buffer.destroy();
    });
  }

  /** Bytes of all buffers, in use or idle. */
  get bytes(): number {
    return this.#reserve.bytes;
  }

  /**
   * A buffer of whatever content.
   *
   * @param onRefused called when it turns out that there was no memory for it, which WebGPU tells later
   */
  take(bytes: number, onRefused: () => void): GPUBuffer {
    return this.#reserve.take(bytes, bytes, () => this.#create(bytes, onRefused));
  }

  /** Keeps a buffer for later. */
  give(buffer: GPUBuffer): void {
    if (!this.#refused.has(buffer)) this.#reserve.give(buffer.size, buffer.size, buffer);
  }

  destroy(): void {
    this.#reserve.clear();
  }

  #create(bytes: number, onRefused: () => void): GPUBuffer {
    this.#device.pushErrorScope('out-of-memory');
    const buffer = this.#device.createBuffer({ size: bytes, usage: STORAGE | COPY_SRC | COPY_DST });
    const refused = (error: GPUError | null): void => {
      if (!error) return;
      this.#refused.add(buffer);
      this.#reserve.forget(bytes, bytes, buffer);
      onRefused();
    };
    // A device that is lost says so elsewhere.
    this.#device.popErrorScope().then(refused, () => {});
    return buffer;
  }
}
