/**
 * @file Compiled kernels by program and geometry, the most recently used ones.
 */
import { BackendError } from '../../errors.js';
import type { Adapter, Compilation, CompiledKernel } from './adapters/adapter.js';

/** A kernel, compiled or being compiled. */
export interface CachedKernel {
  /** Absent while it is being compiled and where that failed. */
  kernel: CompiledKernel | undefined;
  error: BackendError | undefined;
  /** Calls that wait for it. */
  waiting: number;
}

export class KernelCache {
  readonly #adapter: Adapter;
  readonly #onCompiled: () => void;
  readonly #entries = new Map<string, CachedKernel>();
  #newest: CachedKernel | undefined;
  /** How many kernels were compiled since the beginning. */
  compilations = 0;

  /** @param onCompiled called when a kernel that was not ready at once has become so, or has failed */
  constructor(adapter: Adapter, onCompiled: () => void) {
    this.#adapter = adapter;
    this.#onCompiled = onCompiled;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * The kernel of a compilation, which is begun if there is none.
   *
   * @throws BackendError if the kernel can't be compiled, in modes that know at once
   */
  get(operation: string, compilation: Compilation): CachedKernel {
    const key = this.#key(compilation);
    const present = this.#entries.get(key);
    if (present) {
      this.#entries.delete(key);
      this.#entries.set(key, present);
      return present;
    }
    const entry: CachedKernel = { kernel: undefined, error: undefined, waiting: 0 };
    this.#compile(operation, compilation, entry, key);
    this.#entries.set(key, entry);
    this.#newest = entry;
    this.#evict();
    return entry;
  }

  destroy(): void {
    for (const { kernel } of this.#entries.values()) kernel?.destroy();
    this.#entries.clear();
  }

  #key({ program, constants, length, inputs }: Compilation): string {
    let key = program.name;
    for (const name of program.constants) key += ` ${constants[name]}`;
    if (this.#adapter.sharesLengths) return key;
    key += `: ${length}`;
    for (const input of inputs) if (input) key += ` ${this.#adapter.signature(input)}`;
    return key;
  }

  #compile(operation: string, compilation: Compilation, entry: CachedKernel, key: string): void {
    const failed = (error: unknown): BackendError =>
      compilationError(this.#adapter.mode, operation, compilation, error);
    this.compilations += 1;
    let compiled: CompiledKernel | Promise<CompiledKernel>;
    try {
      compiled = this.#adapter.compile(compilation);
    } catch (error) {
      throw failed(error);
    }
    if (!(compiled instanceof Promise)) {
      entry.kernel = compiled;
      return;
    }
    const settled = compiled.then(
      (kernel) => {
        entry.kernel = kernel;
      },
      (error: unknown) => {
        entry.error = failed(error);
        // The next call tries again: a device may have come back.
        this.#entries.delete(key);
      },
    );
    void settled.then(this.#onCompiled);
  }

  /** Never the newest: WebGL kernels share the vertices of the one that was built last. */
  #evict(): void {
    if (this.#entries.size <= this.#adapter.maxKernels) return;
    for (const [key, entry] of this.#entries) {
      if (entry === this.#newest || entry.waiting > 0 || !entry.kernel) continue;
      this.#entries.delete(key);
      entry.kernel.destroy();
      return;
    }
  }
}

function compilationError(mode: string, operation: string, { program }: Compilation, error: unknown): BackendError {
  const reason = error instanceof Error ? error.message : String(error);
  return new BackendError(`${operation}: gpu.js can't compile '${program.name}' in mode ${mode}: ${reason}`, {
    cause: error,
  });
}
