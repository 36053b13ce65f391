/**
 * @file Starts kernels in order, without ever waiting.
 *
 * A call whose kernel is compiled starts at once. One whose kernel is still being compiled, which takes WebGPU a moment, waits
 * in a queue, and so does everything after it, frees and reads included: order is all that correctness needs.
 */
import { BackendError } from '../../errors.js';
import type { Adapter, Handle } from './adapters/adapter.js';
import type { AnyCall, Call, PartsCall } from './call.js';
import { GpuStorage, placesOf } from './gpuStorage.js';
import { type CachedKernel, KernelCache } from './kernelCache.js';
import type { Program } from './program.js';

/** What tests and benchmarks count. */
export interface GpuCounters {
  dispatches: number;
  /** Values that were copied to JavaScript. */
  readbacks: number;
  liveBuffers: number;
  liveBytes: number;
}

/** Something to do in order. */
interface Command {
  /** The kernel that it waits for. */
  readonly kernel?: CachedKernel;
  run(): void;
}

/** Indices are float32, which tells whole numbers apart up to here. */
const MAX_INDEX = 2 ** 24;
const none: Readonly<Record<string, number>> = {};

export class GpuRuntime {
  readonly adapter: Adapter;
  readonly kernels: KernelCache;
  readonly counters: GpuCounters = { dispatches: 0, readbacks: 0, liveBuffers: 0, liveBytes: 0 };
  #queue: Command[] = [];

  constructor(adapter: Adapter) {
    this.adapter = adapter;
    this.kernels = new KernelCache(adapter, () => this.#drain());
  }

  /**
   * Starts a program, or queues it, and returns the place of its result.
   *
   * @throws BackendError if the device is lost, a tensor is too large, or the kernel can't be compiled
   * @throws DisposedError if an input was freed
   */
  run<I extends string, S extends string, C extends string>(
    operation: string,
    program: Program<I, S, C, never>,
    call: Call<I, S, C>,
  ): GpuStorage {
    const { inputs, length, scalars = none, constants = none } = call;
    return this.#run(operation, program, { inputs, length, scalars, constants });
  }

  #run(operation: string, program: Program, { inputs: byName, length, scalars, constants }: AnyCall): GpuStorage {
    const inputs = program.inputs.map((name) => requirePresent(name, byName[name]));
    this.#check(operation, program, inputs, length);
    const output = new GpuStorage(length);
    if (length === 0) return output;
    const compilation = { program, constants, length, inputs: inputs.map((input) => this.#handleOf(input)) };
    const kernel = this.kernels.get(operation, compilation);
    const values = program.scalars.map((name) => scalars[name] ?? Number.NaN);
    const command: Command = { kernel, run: () => this.#start(operation, kernel, inputs, values, output) };
    if (this.#queue.length === 0 && kernel.kernel) {
      command.run();
      if (output.error) throw output.error;
    } else {
      kernel.waiting += 1;
      this.#queue.push(command);
    }
    return output;
  }

  /**
   * The same for a program with several outputs: in one dispatch, which writes them side by side, or one for each in modes
   * that can't take a texture apart.
   */
  runParts<I extends string, S extends string, C extends string, const Lengths extends readonly number[]>(
    operation: string,
    program: Program<I, S, C, never>,
    { lengths, inputs, scalars = none, constants = none }: PartsCall<I, S, C, Lengths>,
  ): { -readonly [K in keyof Lengths]: GpuStorage } {
    const { begins, end } = placesOf(lengths);
    const runFrom = (begin: number, length: number): GpuStorage =>
      this.#run(operation, program, { inputs, length, scalars: { ...scalars, begin }, constants });
    const whole = this.adapter.part && runFrom(0, end);
    const outputs = lengths.map((length, i) => {
      const begin = begins[i] ?? 0;
      if (!whole) return runFrom(begin, length);
      return length === 0 ? new GpuStorage(0) : whole.part(begin, length);
    });
    return outputs as { -readonly [K in keyof Lengths]: GpuStorage };
  }

  /** Whether several outputs of a program take one dispatch. */
  get hasParts(): boolean {
    return this.adapter.part !== undefined;
  }

  /** Storages as one for a kernel to read, not to be freed; if they lie in memory as `placesOf` tells. */
  viewOf(storages: readonly GpuStorage[]): GpuStorage | undefined {
    for (const storage of storages) storage.requireUsable();
    const [first] = storages;
    if (first && storages.length === 1) return first;
    const start = first?.place;
    const { begins, end } = placesOf(storages.map(({ length }) => length));
    const isInPlace = ({ place }: GpuStorage, i: number): boolean =>
      place !== undefined && place.whole === start?.whole && place.first === start.first + (begins[i] ?? 0);
    return start && storages.every(isInPlace) ? new GpuStorage(end, undefined, start) : undefined;
  }

  /** @throws BackendError if it is too large */
  upload(operation: string, data: ArrayLike<number>): GpuStorage {
    this.#requireDevice(operation);
    this.#requireSize(operation, data.length);
    if (data.length === 0) return new GpuStorage(0);
    const values = data instanceof Float32Array ? data : Float32Array.from(data);
    return new GpuStorage(data.length, this.#count(attempt(operation, () => this.adapter.upload(values))));
  }

  async read(x: GpuStorage): Promise<Float32Array> {
    x.requireUsable();
    this.#requireDevice('read');
    if (x.length === 0) return new Float32Array(0);
    this.counters.readbacks += 1;
    return new Promise((resolve, reject) => {
      this.#inOrder(() => {
        if (x.error) reject(x.error);
        else resolve(this.adapter.read(this.#requireHandle(x), x.length));
      });
    });
  }

  /** @throws BackendError in modes that can't answer at once */
  readSync(x: GpuStorage): Float32Array {
    x.requireUsable();
    const { adapter } = this;
    if (!adapter.readSync) {
      throw new BackendError(`dataSync: gpu mode ${adapter.mode} answers later only; write 'await t.data()'`);
    }
    this.#requireDevice('readSync');
    if (x.length === 0) return new Float32Array(0);
    this.counters.readbacks += 1;
    return adapter.readSync(this.#requireHandle(x), x.length);
  }

  /** Releases a storage as soon as what was called before has run. */
  free(x: GpuStorage): void {
    x.markFreed();
    this.#inOrder(() => this.#release(x));
  }

  #release(x: GpuStorage): void {
    if (x.place) {
      const { whole } = x.place;
      whole.parts -= 1;
      if (whole.parts === 0) this.#release(whole);
    }
    if (!x.handle) return;
    this.counters.liveBuffers -= 1;
    this.counters.liveBytes -= x.handle.bytes;
    this.adapter.release(x.handle);
    x.handle = undefined;
  }

  #check(operation: string, program: Program, inputs: readonly GpuStorage[], length: number): void {
    this.#requireDevice(operation);
    for (const input of inputs) input.requireUsable();
    this.#requireSize(operation, length);
    if (!program.computesIndices) return;
    const largest = inputs.reduce((cells, input) => Math.max(cells, input.length), length);
    if (largest <= MAX_INDEX) return;
    throw new BackendError(
      `${operation}: a tensor of ${largest} cells has more than a gpu kernel can index (${MAX_INDEX}); use smaller batches`,
    );
  }

  #requireSize(operation: string, cells: number): void {
    const { maxCells } = this.adapter;
    if (cells <= maxCells) return;
    throw new BackendError(
      `${operation}: a tensor of ${cells} cells is more than this device holds (${maxCells}); use smaller batches`,
    );
  }

  #requireDevice(operation: string): void {
    const { failure, mode } = this.adapter;
    if (failure === undefined) return;
    throw new BackendError(
      `${operation}: ${failure}, and the tensors on it with it; call await setBackend('gpu', { mode: '${mode}' }) and create them again`,
    );
  }

  #start(
    operation: string,
    { kernel, error }: CachedKernel,
    inputs: readonly GpuStorage[],
    scalars: readonly number[],
    output: GpuStorage,
  ): void {
    const failed = inputs.find((input) => input.error)?.error ?? error;
    if (failed || !kernel) {
      output.error = failed ?? new BackendError(`${operation}: no kernel`);
      return;
    }
    try {
      const handles = inputs.map((input) => this.#requireHandle(input));
      const { length } = output;
      output.handle = this.#count(attempt(operation, () => kernel.run({ inputs: handles, scalars, length })));
      this.counters.dispatches += 1;
    } catch (thrown) {
      if (!(thrown instanceof BackendError)) throw thrown;
      output.error = thrown;
    }
  }

  /** Does something after all that is queued. */
  #inOrder(run: () => void): void {
    if (this.#queue.length === 0) run();
    else this.#queue.push({ run });
  }

  /** Runs what is queued up to the first call whose kernel isn't there yet. */
  #drain(): void {
    let done = 0;
    for (const { kernel, run } of this.#queue) {
      if (kernel && !kernel.kernel && !kernel.error) break;
      if (kernel) kernel.waiting -= 1;
      run();
      done += 1;
    }
    this.#queue = this.#queue.slice(done);
  }

  /** The handle of a storage whose kernel has run. */
  #handleOf({ handle, place, length }: GpuStorage): Handle | undefined {
    if (!place) return handle;
    const whole = this.#handleOf(place.whole);
    return whole && this.adapter.part?.(whole, place.first, length);
  }

  #requireHandle(x: GpuStorage): Handle {
    const handle = this.#handleOf(x);
    if (!handle) throw new BackendError(`gpu: a storage of ${x.length} values has no memory`);
    return handle;
  }

  #count(handle: Handle): Handle {
    this.counters.liveBuffers += 1;
    this.counters.liveBytes += handle.bytes;
    return handle;
  }
}

function requirePresent(name: string, input: GpuStorage | undefined): GpuStorage {
  if (!input) throw new BackendError(`gpu: no tensor for ${name}`);
  return input;
}

/** Says which operation failed. */
function attempt<T>(operation: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackendError(`${operation}: ${reason}`, { cause: error });
  }
}
