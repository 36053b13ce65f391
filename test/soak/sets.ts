/**
 * @file The sets of kernels that programs run on, and how one of them is made the one that operations use.
 */
import { setFlagsFromString } from 'node:v8';
import { setBackend } from '../../src/index.js';
import type { GpuMode } from '../../src/kernels/gpu/adapters/adapter.js';
import { loadGpuKernels } from '../../src/kernels/gpu/loadGpuKernels.js';
import type { BackendName, Kernels } from '../../src/kernels/kernels.js';
import { referenceKernels } from '../../src/kernels/reference/referenceKernels.js';
import { hasVariant, type Variant } from '../../src/kernels/wasm/compileKernels.js';
import { createWasmKernels } from '../../src/kernels/wasm/wasmKernels.js';
import { registerLazyBackend } from '../../src/tensor/activeBackend.js';
import { useSoftwareVulkan } from '../support/softwareVulkan.js';
import { kernelTolerances } from '../tolerances.js';
import type { Freedom } from './permittedKernels.js';

/** A set that is compared with the reference. */
export interface Target {
  /** As in `--backends`: `wasm-simd-2`, `gpu-webgpu`. */
  readonly name: string;
  readonly kernels: Kernels;
  readonly freedom: Freedom;
  /** What `setBackend` takes to get the like. */
  readonly setBackend: readonly [name: BackendName, options?: Readonly<Record<string, string | number>>];
  /** A set whose results must have the same bits. */
  readonly twinOf?: string;
  /** Runs one program in so many. */
  readonly every: number;
  close(): void;
}

/** A set that isn't there, and why. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

const sets: readonly BackendName[] = ['reference', 'wasm', 'gpu'];

interface Chosen {
  readonly kernels?: Kernels;
}

for (const name of sets) {
  registerLazyBackend(
    name,
    ({ kernels }: Chosen = {}) => {
      if (!kernels) throw new RangeError(`useKernels decides which set is ${name}`);
      return kernels;
    },
    {},
  );
}

/** Makes a set the active one, and the one that its name stands for. */
export async function useKernels(kernels: Kernels): Promise<void> {
  await setBackend(kernels.name, { kernels });
}

/** Cells from which helper threads take part: none, so that they do in small programs, too. */
const ALWAYS = 0;

export const wasmFreedom: Freedom = { tolerances: kernelTolerances['wasm float32'], roughDivision: false };

/** The targets that are wanted and there, and those that aren't there. */
export async function findTargets(
  wanted: (name: string) => boolean,
): Promise<{ targets: Target[]; missing: Missing[] }> {
  // Node 20 has relaxed SIMD behind a flag; later ones don't know the flag any more.
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  const targets: Target[] = [];
  const missing: Missing[] = [];
  for (const variant of ['simd', 'relaxed'] as const) {
    const names = [1, 2, 3].map((threads) => ({ threads, name: `wasm-${variant}-${threads}` }));
    for (const { threads, name } of names.filter((set) => wanted(set.name))) {
      if (hasVariant(variant)) targets.push(wasmTarget(name, variant, threads, wanted));
      else missing.push({ name, reason: 'this engine has no relaxed SIMD' });
    }
  }
  for (const mode of ['cpu', 'webasm', 'webgpu'] as const) {
    const name = `gpu-${mode}`;
    if (!wanted(name)) continue;
    const found = await gpuTarget(name, mode);
    if ('kernels' in found) targets.push(found);
    else missing.push(found);
  }
  return { targets, missing };
}

function wasmTarget(name: string, variant: Variant, threads: number, wanted: (name: string) => boolean): Target {
  const kernels = createWasmKernels({ variant, threads }, ALWAYS);
  const first = `wasm-${variant}-1`;
  return {
    name,
    kernels,
    freedom: wasmFreedom,
    setBackend: ['wasm', { variant, threads }],
    ...(threads > 1 && wanted(first) ? { twinOf: first } : {}),
    every: 1,
    close: () => kernels.runtime.close(),
  };
}

async function gpuTarget(name: string, mode: GpuMode): Promise<Target | Missing> {
  if (mode === 'webgpu') useSoftwareVulkan();
  try {
    const kernels = await loadGpuKernels({ mode }, new Map());
    const freedom = { tolerances: kernelTolerances[`gpu ${mode}`], roughDivision: mode === 'webgpu' };
    return {
      name,
      kernels,
      freedom,
      setBackend: ['gpu', { mode }],
      every: 1,
      close: () => kernels.runtime.adapter.destroy(),
    };
  } catch (error) {
    return { name, reason: error instanceof Error ? error.message : String(error) };
  }
}

export { referenceKernels };
