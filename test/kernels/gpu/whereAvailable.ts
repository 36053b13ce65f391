/**
 * @file Tests of a mode in Node, where it may be missing.
 */
import { test } from 'vitest';
import type { GpuMode } from '../../../src/kernels/gpu/adapters/adapter.js';
import type { GpuKernels } from '../../../src/kernels/gpu/gpuKernels.js';
import { useSoftwareVulkan } from '../../support/softwareVulkan.js';
import { gpuKernelsOf } from './describeGpuKernels.js';

/** What the modes need that don't run everywhere. */
const needs: Partial<Readonly<Record<GpuMode, string>>> = {
  webgpu: "a GPU, or Debian's packages chromium and libvulkan1, whose Vulkan computes on the CPU",
};

/** Describes a mode. Where it is missing, a test says so instead; CI demands that it isn't. */
export async function whereAvailable(mode: GpuMode, describeIt: (kernels: GpuKernels) => void): Promise<void> {
  if (mode === 'webgpu') useSoftwareVulkan();
  const loaded = await gpuKernelsOf(mode).catch((error: Error) => error);
  if (!(loaded instanceof Error)) {
    describeIt(loaded);
    return;
  }
  test(`gpu ${mode} is available (${needs[mode]})`, (context) => {
    if (needs[mode] === undefined || process.env.SOFTGRAD_REQUIRE_GPU_MODES) throw loaded;
    context.skip(loaded.message);
  });
}
