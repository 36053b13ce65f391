/**
 * @file Modes `cpu` and `webasm`: the same kernels without a GPU, on arrays in JavaScript's memory. gpu.js copies the
 * arguments of a `webasm` kernel into that kernel's own memory with every call, so these modes are for checking kernels.
 */
import { BackendError } from '../../../errors.js';
import type { GpuJs, GpuJsInstance } from '../gpuJs.js';
import { kernelSettings, threadsFor } from '../kernelSettings.js';
import type { Adapter, Compilation, CompiledKernel, Handle } from './adapter.js';

/** Chromium gives up at about 125 WebAssembly memories, and every kernel has one. */
const MAX_WEBASM_KERNELS = 96;
const MAX_CPU_KERNELS = 512;

class HostHandle implements Handle {
  constructor(readonly values: Float32Array) {}

  get bytes(): number {
    return this.values.byteLength;
  }
}

export function createHostAdapter(gpuJs: GpuJs, mode: 'cpu' | 'webasm'): Adapter {
  const gpu = new gpuJs.GPU({ mode });
  const readSync = (handle: Handle, length: number): Float32Array => valuesOf(handle).slice(0, length);
  return {
    mode,
    device: mode === 'cpu' ? 'JavaScript' : 'WebAssembly',
    maxKernels: mode === 'cpu' ? MAX_CPU_KERNELS : MAX_WEBASM_KERNELS,
    maxCells: Number.POSITIVE_INFINITY,
    sharesLengths: mode === 'cpu',
    failure: undefined,
    signature: (handle) => (mode === 'cpu' ? '' : String(valuesOf(handle).length)),
    compile: (compilation) => compile(gpu, mode, compilation),
    upload: (data) => new HostHandle(data.slice()),
    part: (handle, first, length) => new HostHandle(valuesOf(handle).subarray(first, first + length)),
    read: async (handle, length) => readSync(handle, length),
    readSync,
    release: () => {},
    destroy: () => {},
  };
}

function compile(gpu: GpuJsInstance, mode: string, compilation: Compilation): CompiledKernel {
  const { program } = compilation;
  const types = program.inputs.map(() => 'Array');
  const shortcut = gpu.createKernel(program.source, { ...kernelSettings(compilation, types), dynamicOutput: true });
  return {
    run: ({ inputs, scalars, length }) => {
      const threads = threadsFor(length, program.cellsPerThread);
      if (mode === 'cpu') shortcut.kernel.output = [threads];
      const result = shortcut(...inputs.map(valuesOf), ...scalars);
      const { fallbackReason, constructor } = shortcut.kernel;
      if (constructor.mode !== mode) {
        throw new BackendError(`gpu.js can't run it in mode ${mode}: ${fallbackReason ?? 'no reason given'}`);
      }
      return new HostHandle(program.cellsPerThread === 1 ? scalarCells(result) : quadCells(result, threads));
    },
    destroy: () => shortcut.kernel.destroy(),
  };
}

function scalarCells(result: unknown): Float32Array {
  if (result instanceof Float32Array) return result;
  throw new BackendError(`gpu.js returned ${typeof result} instead of a Float32Array`);
}

/** gpu.js returns an array of four per thread: views of one array in `webasm`, arrays of their own in `cpu`. */
function quadCells(result: unknown, threads: number): Float32Array {
  if (!Array.isArray(result))
    throw new BackendError(`gpu.js returned ${typeof result} instead of one array per thread`);
  const [first] = result;
  if (first instanceof Float32Array && first.buffer.byteLength === threads * 16) return new Float32Array(first.buffer);
  const cells = new Float32Array(4 * threads);
  result.forEach((quad: ArrayLike<number>, thread) => {
    cells.set(quad, 4 * thread);
  });
  return cells;
}

function valuesOf(handle: Handle): Float32Array {
  if (handle instanceof HostHandle) return handle.values;
  throw new BackendError('gpu: a tensor of another mode; read it and create it again in this one');
}
