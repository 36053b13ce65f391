/**
 * @file Buffers of mode `webgpu` as tensors, and which of them were lost for want of memory.
 *
 * WebGPU says later that there was no memory for a buffer. By then kernels that read it have been submitted, and the device has
 * refused the whole batches that they were in. So all that was begun between the two moments is taken for lost.
 */
import { BackendError } from '../../../errors.js';
import type { Handle } from './adapter.js';

interface Loss {
  readonly from: number;
  readonly to: number;
  readonly error: BackendError;
}

/** Counts handles, and remembers which are lost. */
export class Losses {
  readonly #losses: Loss[] = [];
  /** Handles that there have been. */
  handles = 0;
  /** How often there was no memory. */
  refusals = 0;

  /** Everything from handle number `from` to the newest is lost. */
  add(from: number, error: BackendError): void {
    this.#losses.push({ from, to: this.handles, error });
  }

  of(serial: number): BackendError | undefined {
    if (this.#losses.length === 0) return undefined;
    return this.#losses.find(({ from, to }) => from <= serial && serial < to)?.error;
  }
}

/** A buffer, or a part of it. */
export class WebgpuHandle implements Handle {
  readonly binding: Required<GPUBufferBinding>;
  readonly #losses: Losses;
  readonly #serial: number;

  /** @param serial its number among all handles, from 0; parts have that of the whole */
  constructor(binding: Required<GPUBufferBinding>, losses: Losses, serial: number) {
    this.binding = binding;
    this.#losses = losses;
    this.#serial = serial;
  }

  get buffer(): GPUBuffer {
    return this.binding.buffer;
  }

  get offset(): number {
    return this.binding.offset;
  }

  get bytes(): number {
    return this.binding.size;
  }

  get error(): BackendError | undefined {
    return this.#losses.of(this.#serial);
  }

  part(first: number, bytes: number): WebgpuHandle {
    const offset = this.binding.offset + first;
    return new WebgpuHandle({ buffer: this.buffer, offset, size: bytes }, this.#losses, this.#serial);
  }
}

export function webgpuHandle(handle: Handle): WebgpuHandle {
  if (handle instanceof WebgpuHandle) return handle;
  throw new BackendError('gpu: a tensor of another mode; read it and create it again in this one');
}

export function bindingOf(handle: Handle): GPUBufferBinding {
  return webgpuHandle(handle).binding;
}
