/**
 * @file What differs between gpu.js's modes: where cells live, how a kernel is compiled and started, how values come back.
 */
import type { BackendError } from '../../../errors.js';
import type { Program } from '../program.js';

/** The modes of gpu.js that kernels can run in. */
export type GpuMode = 'webgpu' | 'webgl2' | 'headlessgl' | 'webasm' | 'cpu';

/** Cells in a mode's memory. */
export interface Handle {
  readonly bytes: number;
  /** Why the cells are not what they should be, once that is known. */
  readonly error?: BackendError | undefined;
}

/** What a kernel is compiled for. */
export interface Compilation {
  readonly program: Program;
  readonly constants: Readonly<Record<string, number>>;
  /** Length of the output. */
  readonly length: number;
  /** Absent only while they wait for kernels of their own, in modes that compile later. */
  readonly inputs: readonly (Handle | undefined)[];
}

/** One call. */
export interface Dispatch {
  readonly inputs: readonly Handle[];
  readonly scalars: readonly number[];
  readonly length: number;
}

/** A kernel that can be started. */
export interface CompiledKernel {
  /** Starts it and returns the handle of its output at once; calls run in order. */
  run(dispatch: Dispatch): Handle;
  destroy(): void;
}

/** A mode at work on one device. */
export interface Adapter {
  readonly mode: GpuMode;
  /** The adapter, renderer or engine that really executes, as it calls itself. */
  readonly device: string;
  /** How many compiled kernels to keep. */
  readonly maxKernels: number;
  /** Cells that a tensor has at most. */
  readonly maxCells: number;
  /** Whether a compiled kernel serves tensors of every length; otherwise it is compiled for each. */
  readonly sharesLengths: boolean;
  /** Why nothing can run any more, for example a lost device. */
  readonly failure: string | undefined;
  /** What about an input a compiled kernel depends on. */
  signature(handle: Handle): string;
  /** At once where the mode can, so that no call ever waits there. */
  compile(compilation: Compilation): CompiledKernel | Promise<CompiledKernel>;
  upload(data: Float32Array): Handle;
  /** Some cells of a handle as a kernel's input, in modes that can; it is not to be released. */
  readonly part: ((handle: Handle, first: number, length: number) => Handle) | undefined;
  /** Values once all that was started before has run; the handle may be released meanwhile. */
  read(handle: Handle, length: number): Promise<Float32Array>;
  /** The same at once, in modes that can. */
  readonly readSync: ((handle: Handle, length: number) => Float32Array) | undefined;
  /** Gives the memory back as soon as what was started before no longer needs it. */
  release(handle: Handle): void;
  /** Ends everything. */
  destroy(): void;
}
