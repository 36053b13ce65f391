/**
 * @file Dispatches that reach the GPU together.
 *
 * gpu.js's own `run` writes the parameters of one kernel, encodes it and submits it: 38 µs in Node. A batch writes the
 * parameters of all its kernels side by side and submits once: 16 µs per kernel.
 */
import { BackendError } from '../../../errors.js';
import type { WebgpuKernel } from '../gpuJs.js';

/** Every device takes uniforms at multiples of this. */
const SLOT_BYTES = 256;
/** Enough that a submit costs little per dispatch, and few enough that the GPU starts early. */
const BATCH_SIZE = 32;
const WORKGROUP_SIZE = 64;
const { UNIFORM, COPY_DST } = { UNIFORM: 0x40, COPY_DST: 0x08 };

export class CommandBatch {
  readonly #device: GPUDevice;
  readonly #parameters: GPUBuffer;
  readonly #words = new Uint32Array((BATCH_SIZE * SLOT_BYTES) / 4);
  readonly #floats = new Float32Array(this.#words.buffer);
  readonly #maxWorkgroups: number;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #size = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#parameters = device.createBuffer({ size: this.#words.byteLength, usage: UNIFORM | COPY_DST });
    this.#maxWorkgroups = device.limits.maxComputeWorkgroupsPerDimension;
  }

  /** Encodes one kernel; it is submitted with the batch, at the latest when the current task ends. */
  dispatch(
    kernel: WebgpuKernel,
    buffers: readonly GPUBufferBinding[],
    scalars: readonly number[],
    threads: number,
  ): void {
    const groups = Math.ceil(threads / WORKGROUP_SIZE);
    // One row of workgroups is bounded; gpu.js folds longer ones and finds its index from the width of a row.
    const rows = Math.ceil(groups / this.#maxWorkgroups);
    const width = Math.ceil(groups / rows);
    if (rows > this.#maxWorkgroups)
      throw new BackendError(`${threads} threads are more than this device starts at once`);
    const parameters = this.#writeParameters(kernel, scalars, threads, width * WORKGROUP_SIZE);
    const resources = [parameters, ...buffers];
    const group = this.#device.createBindGroup({
      layout: kernel.bindGroupLayout,
      entries: resources.map((resource, binding) => ({ binding, resource })),
    });
    const pass = this.#open();
    pass.setPipeline(kernel.computePipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(width, rows);
    this.#size += 1;
    if (this.#size === BATCH_SIZE) this.submit();
  }

  /** Hands what is encoded to the device. */
  submit(): void {
    if (!this.#encoder || !this.#pass) return;
    this.#pass.end();
    this.#device.queue.writeBuffer(this.#parameters, 0, this.#words, 0, (this.#size * SLOT_BYTES) / 4);
    this.#device.queue.submit([this.#encoder.finish()]);
    this.#encoder = undefined;
    this.#pass = undefined;
    this.#size = 0;
  }

  destroy(): void {
    this.submit();
    this.#parameters.destroy();
  }

  #open(): GPUComputePassEncoder {
    if (this.#pass) return this.#pass;
    this.#encoder = this.#device.createCommandEncoder();
    this.#pass = this.#encoder.beginComputePass();
    queueMicrotask(() => this.submit());
    return this.#pass;
  }

  /** In gpu.js's layout: three sizes and the width of a row, the tensors' sizes (which flat kernels don't read), scalars. */
  #writeParameters(
    { paramsLayout }: WebgpuKernel,
    scalars: readonly number[],
    threads: number,
    width: number,
  ): GPUBufferBinding {
    const offset = this.#size * SLOT_BYTES;
    const word = offset / 4;
    this.#words[word] = threads;
    this.#words[word + 1] = 1;
    this.#words[word + 2] = 1;
    this.#words[word + 3] = width;
    paramsLayout.scalarArgs.forEach((scalar, i) => {
      this.#floats[word + scalar.offset / 4] = scalars[i] ?? Number.NaN;
    });
    return { buffer: this.#parameters, offset, size: paramsLayout.byteLength };
  }
}
