/**
 * @file A mode of the gpu set in Node.
 */
import { test } from 'vitest';
import type { GpuMode } from '../../../src/kernels/gpu/adapters/adapter.js';
import { describeGpuKernels, gpuKernelsOf } from './describeGpuKernels.js';

export interface ModeOptions {
  /** Cases per method: every new geometry is a kernel to compile. */
  readonly numRuns: number;
  /** What is needed, where the mode may be missing. */
  readonly needs?: string;
}

/** Tests a mode. Where it is missing, it says so; CI demands that it isn't. */
export async function describeMode(mode: GpuMode, { numRuns, needs }: ModeOptions): Promise<void> {
  const loaded = await gpuKernelsOf(mode).catch((error: Error) => error);
  if (!(loaded instanceof Error)) {
    describeGpuKernels(mode, loaded, numRuns);
    return;
  }
  test(`gpu ${mode} is available (${needs})`, (context) => {
    if (needs === undefined || process.env.SOFTGRAD_REQUIRE_GPU_MODES) throw loaded;
    context.skip(loaded.message);
  });
}
