/**
 * @file What every kernel family stands on: the memory, the compiled kernels and the threads that run them.
 */
import { BackendError } from '../../errors.js';
import { ALIGNMENT, Allocator, type Block } from './allocator.js';
import { chooseVariant, compileKernels, type Variant } from './compileKernels.js';
import { availableThreads } from './helper.js';
import { LinearMemory } from './linearMemory.js';
import { describeBytes, MemoryLimits } from './memoryLimits.js';
import { type Job, type Kernel, ThreadPool } from './threadPool.js';
import { CONTROL_BYTES } from './threadProtocol.js';
import { WasmStorage } from './wasmStorage.js';

/** Options of `setBackend('wasm', options)`; what is left out has its default. */
export interface WasmOptions {
  /** Which binary to run. Default: `relaxed` where the engine has relaxed SIMD, else `simd`. */
  readonly variant?: Variant | undefined;
  /** Threads, the calling one included. Default: the available cores, at most 8; 1 where memory can't be shared. */
  readonly threads?: number | undefined;
  /** Live bytes above which a program that uses no `scope` is warned once. Default 1 GiB. */
  readonly softLimit?: number | undefined;
  /** Live bytes above which allocating is an error. Default: what the engine gives, at most 4 GiB. */
  readonly hardLimit?: number | undefined;
  /** Whether a `scope` is open; without it nobody is warned. */
  readonly insideScope?: (() => boolean) | undefined;
}

/** How a kernel is run over its tasks. */
export interface Work {
  readonly tasks: number;
  /** About how many cells are read and written, or an eighth of the multiply-adds: whether helpers pay off. */
  readonly cells: number;
  /** Bytes of scratch memory per thread, for kernels that take some. */
  readonly scratchBytes?: number | undefined;
}

/** The last one is no user's. */
const OPTION_NAMES: readonly string[] = [
  'variant',
  'threads',
  'softLimit',
  'hardLimit',
  'insideScope',
] satisfies (keyof WasmOptions)[];
/** What lies below belongs to the module's constants. */
const HEAP_START = 65536;
/** Kernels may read, but not use, so many bytes behind a storage: the last storage ends before the memory does. */
const READ_AHEAD = 64;
const INITIAL_BYTES = 1 << 20;
/** Small structs that a kernel reads its geometry from; as many calls as fit may be under way. */
const STAGING_BYTES = 8192;
const MOST_THREADS = 64;
/** Below this a kernel is over before a helper has noticed it. */
const CELLS_FOR_HELPERS = 24_000;

export class WasmRuntime {
  readonly #cellsForHelpers: number;
  #limits = new MemoryLimits({});
  #variant: Variant | undefined;
  #threads: number | undefined;
  #memory: LinearMemory | undefined;
  #allocator: Allocator | undefined;
  #kernels: ReadonlyMap<string, { readonly index: number; readonly call: Kernel }> = new Map();
  #pool: ThreadPool | undefined;
  #staging = 0;
  #stagingUsed = 0;

  /** @param cellsForHelpers the work from which a kernel is shared with helper threads */
  constructor(options: WasmOptions = {}, cellsForHelpers = CELLS_FOR_HELPERS) {
    this.#cellsForHelpers = cellsForHelpers;
    this.configure(options);
  }

  /**
   * Takes other options; storages stay valid.
   *
   * @throws BackendError if an option is unknown or the engine lacks the variant; nothing changes then
   */
  configure(options: WasmOptions): void {
    const unknown = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
    if (unknown)
      throw new BackendError(`wasm: no option '${unknown}'; there are ${OPTION_NAMES.slice(0, -1).join(', ')}`);
    const { variant, threads } = options;
    if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS)) {
      throw new BackendError(`wasm: threads must be a whole number from 1 to ${MOST_THREADS}, got ${threads}`);
    }
    // Left out, the variant is chosen when first needed: importing this must not fail where SIMD is missing.
    const chosen = variant && chooseVariant(variant);
    this.#limits = new MemoryLimits(options);
    this.#unload();
    this.#variant = chosen;
    this.#threads = threads;
  }

  get variant(): Variant {
    this.#variant ??= chooseVariant(undefined);
    return this.#variant;
  }

  /** Threads that large kernels run on. */
  get threads(): number {
    this.#threads = this.memory.isShared ? (this.#threads ?? availableThreads()) : 1;
    return this.#threads;
  }

  get pool(): ThreadPool | undefined {
    return this.#pool;
  }

  /** The memory, reserved when first asked for. */
  get memory(): LinearMemory {
    this.#memory ??= new LinearMemory(INITIAL_BYTES);
    return this.#memory;
  }

  get allocator(): Allocator {
    if (!this.#allocator) {
      const { memory } = this;
      const growTo = (end: number): number => memory.growTo(end + READ_AHEAD) - READ_AHEAD;
      this.#allocator = new Allocator(HEAP_START, memory.bytes - READ_AHEAD, growTo);
    }
    return this.#allocator;
  }

  /**
   * Makes a storage and fills it with `write`; if that fails nothing stays behind.
   *
   * @param owner stands in the message when memory runs out
   * @throws BackendError at the hard limit
   */
  produce(owner: string, length: number, write: (y: WasmStorage) => void): WasmStorage {
    const y = new WasmStorage(this.#allocate(length * 4, owner), length);
    this.#limits.warnAbove(this.allocator.liveBytes);
    try {
      write(y);
    } catch (error) {
      this.free(y);
      throw error;
    }
    return y;
  }

  /** Makes two storages of one length for `use`, which returns them in its result; if it fails nothing stays behind. */
  producePair<T>(owner: string, length: number, use: (a: WasmStorage, b: WasmStorage) => T): T {
    const a = this.produce(owner, length, () => {});
    try {
      const b = this.produce(owner, length, () => {});
      try {
        return use(a, b);
      } catch (error) {
        this.free(b);
        throw error;
      }
    } catch (error) {
      this.free(a);
      throw error;
    }
  }

  free(storage: WasmStorage): void {
    this.allocator.free(storage.release());
  }

  /** Lends memory while `use` runs. */
  borrow<T>(owner: string, bytes: number, use: (address: number) => T): T {
    const block = this.#allocate(bytes, owner);
    try {
      return use(block.address);
    } finally {
      this.allocator.free(block);
    }
  }

  /** Memory that is kept, for instance for a plan. */
  reserve(owner: string, bytes: number): Block {
    return this.#allocate(bytes, owner);
  }

  /** The values of a storage, in place: valid until the memory grows. */
  view(storage: WasmStorage): Float32Array<ArrayBufferLike> {
    const start = storage.address / 4;
    return this.memory.floats.subarray(start, start + storage.length);
  }

  /** Puts whole numbers where a kernel of the present call can read them; returns their address. */
  ints(values: readonly number[]): number {
    const address = this.#stage(values.length * 4);
    this.memory.ints.set(values, address / 4);
    return address;
  }

  /** The same for float32 numbers. */
  floats(values: readonly number[]): number {
    const address = this.#stage(values.length * 4);
    this.memory.floats.set(values, address / 4);
    return address;
  }

  /** Calls an exported function on this thread: sizes, plans, work for one. */
  call(name: string, ...args: number[]): number {
    return Number(this.#kernel(name).call(...args));
  }

  /** Runs a kernel over all its tasks, on several threads where that is faster. The result doesn't depend on it. */
  run(name: string, args: readonly number[], work: Work): void {
    if (work.tasks === 0) return;
    const { scratchBytes } = work;
    const isShort = work.tasks === 1 || work.cells < this.#cellsForHelpers;
    const threads = isShort ? 1 : this.threads;
    if (scratchBytes === undefined) {
      this.#execute(name, args, work, threads, undefined);
      return;
    }
    const bytesPerThread = Math.ceil(scratchBytes / ALIGNMENT) * ALIGNMENT;
    this.borrow(`${name} scratch`, bytesPerThread * threads, (address) =>
      this.#execute(name, args, work, threads, { address, bytesPerThread }),
    );
  }

  /** Ends the helper threads. */
  close(): void {
    this.#pool?.close();
    this.#pool = undefined;
  }

  #execute(name: string, args: readonly number[], work: Work, threads: number, scratch: Job['scratch']): void {
    const { index, call } = this.#kernel(name);
    const { tasks, cells } = work;
    if (threads > 1) this.#threadPool().run({ kernel: index, name, args, tasks, cells, scratch });
    else if (scratch) call(...args, scratch.address, 0, tasks);
    else call(...args, 0, tasks);
  }

  #allocate(bytes: number, owner: string): Block {
    const { allocator } = this;
    const isAllowed = allocator.liveBytes + bytes <= this.#limits.hardLimit;
    const block = isAllowed ? allocator.allocate(bytes, owner) : undefined;
    if (!block) throw this.#limits.exceeded(owner, bytes, allocator, this.memory.bytes);
    return block;
  }

  #stage(bytes: number): number {
    if (this.#staging === 0) this.#staging = this.reserve('geometry', STAGING_BYTES).address;
    if (bytes > STAGING_BYTES) throw new RangeError(`wasm: a struct of ${bytes} bytes`);
    if (this.#stagingUsed + bytes > STAGING_BYTES) this.#stagingUsed = 0;
    const address = this.#staging + this.#stagingUsed;
    this.#stagingUsed += Math.ceil(bytes / 64) * 64;
    return address;
  }

  #kernel(name: string): { readonly index: number; readonly call: Kernel } {
    if (this.#kernels.size === 0) this.#load();
    const kernel = this.#kernels.get(name);
    if (!kernel) throw new RangeError(`wasm: no kernel '${name}' in the binary; run npm run build:wasm`);
    return kernel;
  }

  #load(): void {
    const { memory } = this.memory;
    const module = compileKernels(this.variant, this.memory.isShared);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const functions = Object.entries(exports).filter((entry): entry is [string, Kernel] => isFunction(entry[1]));
    this.#kernels = new Map(functions.map(([name, call], index) => [name, { index, call }]));
    if (this.call('heapBase') > HEAP_START) {
      throw new RangeError(`wasm: constants reach beyond ${describeBytes(HEAP_START)}`);
    }
    this.#pool = new ThreadPool({
      module,
      memory,
      kernels: functions.map(([, call]) => call),
      newControlBlock: () => this.reserve('threads', CONTROL_BYTES).address,
      threads: this.threads,
    });
  }

  #threadPool(): ThreadPool {
    if (!this.#pool) throw new RangeError('wasm: no threads before the kernels are loaded');
    return this.#pool;
  }

  #unload(): void {
    this.close();
    this.#kernels = new Map();
  }
}

function isFunction(value: unknown): value is Kernel {
  return typeof value === 'function';
}
