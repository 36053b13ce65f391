/**
 * @file Mode `webgpu`: kernels that gpu.js compiles to compute shaders, on buffers and a queue of ours.
 */
import { BackendError } from '../../../errors.js';
import type { GpuJs, GpuJsInstance, GpuJsKernel, WebgpuContext, WebgpuKernel } from '../gpuJs.js';
import { kernelSettings, threadsFor } from '../kernelSettings.js';
import type { Adapter, Compilation, CompiledKernel, Handle } from './adapter.js';
import { BufferPool } from './bufferPool.js';
import { CommandBatch } from './commandBatch.js';
import { bindingOf, Losses, WebgpuHandle, webgpuHandle } from './webgpuHandle.js';

const MAX_KERNELS = 512;
const { MAP_READ, COPY_DST, READ } = { MAP_READ: 0x01, COPY_DST: 0x08, READ: 0x01 };

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
  readonly #losses = new Losses();
  /** What the device reported since the last read; it can't be traced to a call. */
  #reported: string | undefined;
  /** Up to which refusal of memory all that the device has to say of it has been heard. */
  #refusalsHeard = 0;

  constructor(gpu: GpuJsInstance, { adapter, device }: WebgpuContext, owner: object) {
    this.owner = owner;
    this.#gpu = gpu;
    this.#device = device;
    this.device = describeAdapter(adapter.info);
    this.maxCells = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize) / 4;
    this.#batch = new CommandBatch(device);
    this.#pool = new BufferPool(device, () => this.#batch.submit());
    // In place of gpu.js's handler, which writes to the console and goes on.
    device.onuncapturederror = (event) => {
      event.preventDefault();
      this.#reported ??= event.error.message;
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
        const output = this.#take(threads * program.cellsPerThread * 4);
        this.#batch.dispatch(kernel, [...inputs, output].map(bindingOf), scalars, threads);
        return output;
      },
      destroy: () => {
        this.#batch.submit();
        kernel.destroy();
      },
    };
  }

  upload(data: Float32Array): Handle {
    const handle = this.#take(data.byteLength);
    // Its buffer may have been used before by a kernel that is not submitted yet, and a write doesn't wait for that.
    this.#batch.submit();
    this.#device.queue.writeBuffer(handle.buffer, 0, data.buffer, data.byteOffset, data.byteLength);
    return handle;
  }

  part(handle: Handle, first: number, length: number): Handle {
    return webgpuHandle(handle).part(first * 4, length * 4);
  }

  async read(handle: Handle, length: number): Promise<Float32Array> {
    const { refusals } = this.#losses;
    this.#batch.submit();
    const values = await this.#copy(webgpuHandle(handle), length * 4).catch((error: unknown) => this.#readError(error));
    this.#complain(handle, refusals);
    if (values instanceof BackendError) throw values;
    return values;
  }

  release(handle: Handle): void {
    this.#pool.give(webgpuHandle(handle).buffer);
  }

  destroy(): void {
    this.#batch.destroy();
    this.#pool.destroy();
  }

  #take(bytes: number): WebgpuHandle {
    const serial = this.#losses.handles++;
    const buffer = this.#pool.take(bytes, () => this.#lose(serial, bytes));
    return new WebgpuHandle({ buffer, offset: 0, size: bytes }, this.#losses, serial);
  }

  /** There was no memory for a handle. */
  #lose(serial: number, bytes: number): void {
    this.#losses.refusals += 1;
    this.#batch.submit();
    const [wanted, taken] = [bytes, this.#pool.bytes].map(megabytes);
    const message = `gpu: no memory for a tensor of ${bytes / 4} cells (${wanted}) on a device that holds ${taken}`;
    const advice = 'it and what was begun after it are lost; dispose of tensors or use smaller batches';
    this.#losses.add(serial, new BackendError(`${message}; ${advice}`));
  }

  async #copy({ buffer, offset }: WebgpuHandle, bytes: number): Promise<Float32Array> {
    this.#device.pushErrorScope('out-of-memory');
    const staging = this.#device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST });
    const refused = this.#device.popErrorScope().catch(() => null);
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
    this.#device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(READ);
      return new Float32Array(staging.getMappedRange().slice(0));
    } catch (error) {
      if (!(await refused)) throw error;
      this.#losses.refusals += 1;
      throw new Error(`no memory for a copy of ${megabytes(bytes)}; dispose of tensors`);
    } finally {
      staging.destroy();
    }
  }

  async #readError(error: unknown): Promise<BackendError> {
    // A lost device may say so after the read that it fails.
    await new Promise((resolve) => setTimeout(resolve));
    const reason = this.failure ?? (error instanceof Error ? error.message : String(error));
    return new BackendError(`read: ${reason}`, { cause: error });
  }

  /**
   * About a tensor that is lost, and about what the device reported, unless that is how it says that there was no memory.
   *
   * @param refusals how many there had been when the read began
   */
  #complain({ error }: Handle, refusals: number): void {
    const reported = this.#reported;
    const isExplained = this.#losses.refusals > this.#refusalsHeard;
    this.#reported = undefined;
    this.#refusalsHeard = Math.max(this.#refusalsHeard, refusals);
    if (error) throw error;
    if (reported === undefined || isExplained) return;
    throw new BackendError(`gpu: the WebGPU device refused something since the last read: ${reported}`);
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

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
