/**
 * @file A compilation in the words of gpu.js, the same for all modes.
 */
import type { Compilation } from './adapters/adapter.js';
import type { KernelSettings } from './gpuJs.js';
import { allHelpers } from './program.js';

/** Settings for `createKernel`; `inputTypes` are gpu.js's names of what the tensors arrive as. */
export function kernelSettings(
  { program, constants, length }: Compilation,
  inputTypes: readonly string[],
): KernelSettings {
  return {
    output: [threadsFor(length, program.cellsPerThread)],
    argumentTypes: [...inputTypes, ...program.scalars.map(() => 'Float')],
    constants,
    functions: allHelpers(program).map(({ name, source, parameters }) => ({
      name,
      source,
      argumentTypes: parameters.map(() => 'Number'),
      returnType: 'Number',
    })),
    pipeline: true,
    immutable: true,
    precision: 'single',
    tactic: 'precision',
  };
}

/** Threads that write at least `length` cells. */
export function threadsFor(length: number, cellsPerThread: number): number {
  return Math.ceil(length / cellsPerThread);
}
