/**
 * @file Runs single kernels of a compiled variant over a memory of their own, the tasks split into ranges as threads would.
 */
import { relaxedBinary } from '../../../../src/kernels/wasm/generated/relaxed.js';
import { simdBinary } from '../../../../src/kernels/wasm/generated/simd.js';

const PAGE = 65536;

/** The variants that this engine can run, with their modules. */
export const variants = Object.entries({ simd: simdBinary, relaxed: relaxedBinary }).flatMap(([name, base64]) => {
  const binary = Buffer.from(base64, 'base64');
  return WebAssembly.validate(binary) ? [{ name, module: new WebAssembly.Module(binary) }] : [];
});

/** Instantiated kernels over a fresh memory whose allocator only ever moves on. */
export class KernelRig {
  readonly memory: WebAssembly.Memory;
  readonly #exports: WebAssembly.Exports;
  #top: number;

  constructor(module: WebAssembly.Module, pages = 256) {
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#exports = new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports;
    this.#top = this.call('heapBase');
  }

  /** Calls the exported kernel `name`. */
  call(name: string, ...args: number[]): number {
    const kernel = this.#exports[name];
    if (typeof kernel !== 'function') throw new Error(`no kernel is exported as ${name}`);
    return kernel(...args);
  }

  /** Reserves `bytes` bytes, 64-byte aligned, filled with NaN up to the 64 bytes of slack that kernels may read. */
  allocate(bytes: number): number {
    const start = (this.#top + 63) & ~63;
    this.#top = start + bytes + 64;
    if (this.#top > this.memory.buffer.byteLength)
      throw new Error(`the rig's memory is full (${this.#top / PAGE} pages)`);
    new Float32Array(this.memory.buffer, start, (bytes + 64) >> 2).fill(Number.NaN);
    return start;
  }

  /** Forgets every allocation, so that the next test starts over. */
  reset(): void {
    this.#top = this.call('heapBase');
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  ints(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length);
  }

  /** Copies `values` into the memory as float32 and returns where they lie. */
  put(values: ArrayLike<number>): number {
    const address = this.allocate(values.length * 4);
    this.floats(address, values.length).set(values);
    return address;
  }

  /** Copies `values` into the memory as int32 and returns where they lie. */
  putInts(values: ArrayLike<number>): number {
    const address = this.allocate(values.length * 4);
    this.ints(address, values.length).set(values);
    return address;
  }
}

/** The head of a plan: see assembly/plan.ts. */
export interface Plan {
  readonly address: number;
  readonly prepareTasks: number;
  readonly tasks: number;
  readonly finishTasks: number;
  readonly workspaceBytes: number;
  readonly scratchBytes: number;
}

export function readPlan(rig: KernelRig, address: number): Plan {
  const [prepareTasks = 0, tasks = 0, finishTasks = 0, workspaceBytes = 0, scratchBytes = 0] = rig.ints(address, 5);
  return { address, prepareTasks, tasks, finishTasks, workspaceBytes, scratchBytes };
}

/** Calls `kernel` for [0, tasks) cut into `ranges` ranges, the last one first: no range may rely on an earlier one. */
export function runRanges(tasks: number, ranges: number, kernel: (first: number, last: number) => void): void {
  for (let range = tasks > 0 ? ranges - 1 : -1; range >= 0; range--) {
    kernel(Math.floor((tasks * range) / ranges), Math.floor((tasks * (range + 1)) / ranges));
  }
}

/**
 * Whether `actual` is `expected` up to `tolerance` times `scale` (the sum of the magnitudes that were added up), where
 * NaN and infinity must agree exactly.
 */
export function firstMismatch(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  scale: ArrayLike<number>,
  tolerance: number,
): string | undefined {
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!;
    const e = expected[i]!;
    const agree = Number.isFinite(e) ? Math.abs(a - e) <= tolerance * (scale[i]! + 1e-30) : Object.is(a, e);
    if (!agree) return `element ${i}: ${a} instead of ${e}`;
  }
  return undefined;
}
