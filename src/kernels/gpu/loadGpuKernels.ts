/**
 * @file Finds the mode that a kernel set is to run in, or says why it can't.
 */
import { ArgumentError, BackendError } from '../../errors.js';
import type { Adapter, GpuMode } from './adapters/adapter.js';
import { createHostAdapter } from './adapters/hostAdapter.js';
import { createWebglAdapter } from './adapters/webglAdapter.js';
import { createWebgpuAdapter } from './adapters/webgpuAdapter.js';
import { type GpuJs, loadGpuJs } from './gpuJs.js';
import { createGpuKernels, type GpuKernels } from './gpuKernels.js';
import { withWebgpu } from './nodeWebgpu.js';

/** Options of `setBackend('gpu', …)`. */
export interface GpuOptions {
  /**
   * Where kernels run. `auto`, the default, takes the first GPU of `webgpu`, `webgl2` and `headlessgl`. `webasm` and `cpu` run
   * the same kernels without a GPU, slowly: they are for checking kernels.
   */
  readonly mode?: GpuMode | 'auto' | undefined;
}

const creators: Readonly<Record<GpuMode, (gpuJs: GpuJs) => Adapter | Promise<Adapter>>> = {
  webgpu: (gpuJs) => withWebgpu((owner) => createWebgpuAdapter(gpuJs, owner)),
  webgl2: (gpuJs) => createWebglAdapter(gpuJs, 'webgl2'),
  headlessgl: (gpuJs) => {
    if (gpuJs.GPU.isHeadlessGLSupported) return createWebglAdapter(gpuJs, 'headlessgl');
    throw new BackendError("the package 'gl' is not installed, or finds no display or driver here");
  },
  webasm: (gpuJs) => createHostAdapter(gpuJs, 'webasm'),
  cpu: (gpuJs) => createHostAdapter(gpuJs, 'cpu'),
};

/** What a mode needs. */
const needs: Readonly<Record<GpuMode, string>> = {
  webgpu: 'it needs a GPU with a driver for Vulkan, Metal or Direct3D 12',
  webgl2: 'it needs a browser with WebGL 2 and float textures',
  headlessgl: 'it needs Node, and WebGL for it: npm install gl',
  webasm: 'it needs an engine with WebAssembly',
  cpu: 'it runs everywhere',
};

/** Adapters that compute on the CPU, by the names that they give themselves. */
const software = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i;

/**
 * A kernel set on one device: one of `existing`, by mode, while its device is there, else a new one.
 *
 * @throws ArgumentError if an option isn't one
 * @throws BackendError if the mode is not available here; it says why and what to install
 */
export async function loadGpuKernels(options: GpuOptions, existing: Map<string, GpuKernels>): Promise<GpuKernels> {
  const mode = checkOptions(options);
  const gpuJs = await loadGpuJs();
  return mode === 'auto' ? findGpu(gpuJs, existing) : loadMode(gpuJs, mode, existing);
}

async function loadMode(gpuJs: GpuJs, mode: GpuMode, existing: Map<string, GpuKernels>): Promise<GpuKernels> {
  const present = existing.get(mode);
  if (present && present.runtime.adapter.failure === undefined) return present;
  const kernels = createGpuKernels(await createAdapter(gpuJs, mode));
  existing.set(mode, kernels);
  return kernels;
}

async function createAdapter(gpuJs: GpuJs, mode: GpuMode): Promise<Adapter> {
  try {
    return await creators[mode](gpuJs);
  } catch (error) {
    throw new BackendError(`gpu: mode ${mode} is not available: ${reasonOf(error)}${needs[mode]}`, { cause: error });
  }
}

/** Our own words; those of gpu.js name neither cause nor remedy. */
function reasonOf(error: unknown): string {
  if (error instanceof BackendError) return `${error.message}; `;
  const message = error instanceof Error ? error.message : '';
  return message.includes('no adapter is available') ? 'WebGPU finds no adapter; ' : '';
}

/** The first mode with a real GPU behind it. */
async function findGpu(gpuJs: GpuJs, existing: Map<string, GpuKernels>): Promise<GpuKernels> {
  const reasons: string[] = [];
  for (const mode of ['webgpu', 'webgl2', 'headlessgl'] as const) {
    try {
      const wasThere = existing.has(mode);
      const kernels = await loadMode(gpuJs, mode, existing);
      const { adapter } = kernels.runtime;
      if (!software.test(adapter.device)) return kernels;
      if (!wasThere) {
        existing.delete(mode);
        adapter.destroy();
      }
      reasons.push(`mode ${mode} has only ${adapter.device}, which computes on the CPU`);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message.replace(/^gpu: /, '') : String(error));
    }
  }
  throw new BackendError(
    `gpu: no GPU found. Use await setBackend('wasm'), which is the fast way to compute on a CPU, or name a mode.\n${reasons.join('\n')}`,
  );
}

function checkOptions(options: GpuOptions): GpuMode | 'auto' {
  for (const key of Object.keys(options)) {
    if (key !== 'mode') throw new ArgumentError(`gpu: no option '${key}'; there is mode`);
  }
  const { mode = 'auto' } = options;
  if (mode === 'auto' || mode in creators) return mode;
  throw new ArgumentError(`gpu: no mode '${mode}'; there are auto, ${Object.keys(creators).join(', ')}`);
}
