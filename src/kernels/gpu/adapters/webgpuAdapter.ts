/**
 * @file Mode `webgpu`: kernels that gpu.js compiles to compute shaders, on buffers and a queue of ours.
 */
import { BackendError } from '../../../errors.js';
import type { GpuJs, GpuJsInstance, GpuJsKernel, WebgpuContext, WebgpuKernel } from '../gpuJs.js';
import { kernelSettings, threadsFor } from '../kernelSettings.js';
import type { Adapter, Compilation, CompiledKernel, Handle } from './adapter.js';
import { BufferPool } from './bufferPool.js';
import { CommandBatch } from './commandBatch.js';

const MAX_KERNELS = 512;
const { MAP_READ, COPY_DST, READ } = { MAP_READ: 0x01, COPY_DST: 0x08, READ: 0x01 };

class WebgpuHandle implements Handle {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly bytes: number;

  constructor(buffer: GPUBuffer, offset = 0, bytes = buffer.size) {
    this.buffer = buffer;
    this.offset = offset;
    this.bytes = bytes;
  }

  get binding(): GPUBufferBinding {
    return { buffer: this.buffer, offset: this.offset, size: this.bytes };
  }
}

class WebgpuAdapter implements Adapter {
  readonly mode = 'webgpu';
  readonly device: string;
  readonly maxKernels = MAX_KERNELS;
  readonly maxCells: number;
  readonly sharesLengths = true;
  readonly readSync = undefined;
  failure: string | undefined;
  /** Kept, not used: in Node the driver goes with it. */
  readonly owner: object;
  readonly #gpu: GpuJsInstance;
  readonly #device: GPUDevice;
  readonly #batch: CommandBatch;
  readonly #pool: BufferPool;
  /** What the device reported since the last read; it can't be traced to a call. */
  #reported: string | undefined;

  constructor(gpu: GpuJsInstance, { adapter, device }: WebgpuContext, owner: object) {
    this.owner = owner;
    this.#gpu = gpu;
    this.#device = device;
    this.device = describeAdapter(adapter.info);
    this.maxCells = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize) / 4;
    this.#batch = new CommandBatch(device);
    this.#pool = new BufferPool(device, () => this.#batch.submit());
    // In place of gpu.js's handler, which writes to the console and goes on.
    device.onuncapturederror = ({ error }) => {
      this.#reported ??= error.message;
    };
    void device.lost.then(({ message }) => {
      this.failure = `the WebGPU device was lost (${message || 'no reason given'})`;
    });
  }

  signature(): string {
    return '';
  }

  async compile(compilation: Compilation): Promise<CompiledKernel> {
    const { program } = compilation;
    const types = program.inputs.map(() => 'WebGPUBuffer');
    const settings = { ...kernelSettings(compilation, types), dynamicOutput: true };
    const { kernel } = this.#gpu.createKernel(program.source, settings);
    if (!isWebgpuKernel(kernel)) throw new BackendError(`gpu.js made a kernel of mode ${kernel.constructor.mode}`);
    // Only the types of these arguments count.
    await kernel.build(...program.inputs.map(() => ({ type: 'WebGPUBuffer' })), ...program.scalars.map(() => 0));
    return {
      run: ({ inputs, scalars, length }) => {
        const threads = threadsFor(length, program.cellsPerThread);
        const output = this.#pool.take(threads * program.cellsPerThread * 4);
        this.#batch.dispatch(
          kernel,
          [...inputs.map((input) => webgpuHandle(input).binding), { buffer: output }],
          scalars,
          threads,
        );
        return new WebgpuHandle(output);
      },
      destroy: () => {
        this.#batch.submit();
        kernel.destroy();
      },
    };
  }

  upload(data: Float32Array): Handle {
    const buffer = this.#pool.take(data.byteLength);
    // It may have been used before by a kernel that is not submitted yet, and a write doesn't wait for that.
    this.#batch.submit();
    this.#device.queue.writeBuffer(buffer, 0, data.buffer, data.byteOffset, data.byteLength);
    return new WebgpuHandle(buffer);
  }

  part(handle: Handle, first: number, length: number): Handle {
    const { buffer, offset } = webgpuHandle(handle);
    return new WebgpuHandle(buffer, offset + first * 4, length * 4);
  }

  async read(handle: Handle, length: number): Promise<Float32Array> {
    this.#batch.submit();
    const bytes = length * 4;
    const staging = this.#device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST });
    const encoder = this.#device.createCommandEncoder();
    const { buffer, offset } = webgpuHandle(handle);
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
    this.#device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(READ);
      const values = new Float32Array(staging.getMappedRange().slice(0));
      this.#throwReported();
      return values;
    } catch (error) {
      if (this.failure !== undefined) throw new BackendError(`read: ${this.failure}`, { cause: error });
      throw error;
    } finally {
      staging.destroy();
    }
  }

  release(handle: Handle): void {
    this.#pool.give(webgpuHandle(handle).buffer);
  }

  destroy(): void {
    this.#batch.destroy();
    this.#pool.destroy();
  }

  #throwReported(): void {
    const message = this.#reported;
    if (message === undefined) return;
    this.#reported = undefined;
    throw new BackendError(`gpu: the WebGPU device refused something since the last read: ${message}`);
  }
}

/**
 * The adapter and device that WebGPU gives.
 *
 * @param owner what has to stay as long as the device
 * @throws Error if there is none
 */
export async function createWebgpuAdapter(gpuJs: GpuJs, owner: object): Promise<Adapter> {
  const gpu = new gpuJs.GPU({ mode: 'webgpu' });
  return new WebgpuAdapter(gpu, await gpuJs.WebGPUContext.acquire(), owner);
}

/** Whatever the adapter says about itself; browsers give some of it, and not always a name. */
function describeAdapter({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return description || [vendor, architecture, device].filter(Boolean).join(' ') || 'an unnamed adapter';
}

function isWebgpuKernel(kernel: GpuJsKernel): kernel is WebgpuKernel {
  return kernel.constructor.mode === 'webgpu';
}

function webgpuHandle(handle: Handle): WebgpuHandle {
  if (handle instanceof WebgpuHandle) return handle;
  throw new BackendError('gpu: a tensor of another mode; read it and create it again in this one');
}
