/**
 * @file The part of gpu.js 2.24 that kernels are compiled with. Its own declarations lack most of it.
 */
import { BackendError } from '../../errors.js';
import type { GpuMode } from './adapters/adapter.js';

/** The module. */
export interface GpuJs {
  readonly GPU: {
    new (settings: { readonly mode: GpuMode }): GpuJsInstance;
    /** Whether the package `gl` is there and works. */
    readonly isHeadlessGLSupported: boolean;
  };
  readonly WebGPUContext: { acquire(): Promise<WebgpuContext> };
}

/** Adapter and device that all kernels of mode `webgpu` share. */
export interface WebgpuContext {
  readonly adapter: GPUAdapter;
  readonly device: GPUDevice;
}

export interface GpuJsInstance {
  createKernel(source: string, settings: Partial<KernelSettings>): KernelShortcut;
  readonly context: unknown;
  readonly canvas: unknown;
}

export interface KernelFunctionSettings {
  readonly name: string;
  readonly source: string;
  readonly argumentTypes: readonly string[];
  readonly returnType: 'Number';
}

export interface KernelSettings {
  readonly output: readonly number[];
  readonly argumentTypes: readonly string[];
  readonly constants: Readonly<Record<string, number>>;
  readonly functions: readonly KernelFunctionSettings[];
  /** Results stay where the kernel ran … */
  readonly pipeline: boolean;
  /** … and a later call doesn't overwrite them. */
  readonly immutable: boolean;
  readonly precision: 'single';
  /** WebGL computes in `lowp` otherwise. */
  readonly tactic: 'precision';
  readonly dynamicOutput?: boolean;
}

/** What `createKernel` returns: call it to run the kernel. */
export interface KernelShortcut {
  (...args: readonly unknown[]): unknown;
  readonly kernel: GpuJsKernel;
}

export interface GpuJsKernel {
  readonly constructor: { readonly mode: string };
  /** Why gpu.js swapped the kernel for one of its CPU mode. */
  readonly fallbackReason?: string | null;
  output: readonly number[];
  destroy(): void;
}

/** A kernel of mode `webgpu` after its build. */
export interface WebgpuKernel extends GpuJsKernel {
  build(...args: readonly unknown[]): Promise<void>;
  readonly computePipeline: GPUComputePipeline;
  readonly bindGroupLayout: GPUBindGroupLayout;
  readonly paramsLayout: {
    readonly byteLength: number;
    readonly scalarArgs: readonly { readonly offset: number }[];
  };
}

/** A kernel of modes `webgl2` and `headlessgl`. */
export interface GlKernel extends GpuJsKernel {
  build(...args: readonly unknown[]): void;
  run(...args: readonly unknown[]): void;
  /** What it draws on … */
  texture: { readonly texture: WebGLTexture };
  /** … and that it was exchanged since the last call. */
  _textureSwitched: boolean;
}

/**
 * Loads gpu.js.
 *
 * @throws BackendError if it isn't installed
 */
export async function loadGpuJs(): Promise<GpuJs> {
  const module: unknown = await import('gpu.js').catch((error: unknown) => {
    throw new BackendError('gpu: gpu.js could not be loaded; reinstall softgrad, which brings it along', {
      cause: error,
    });
  });
  for (const candidate of [module, defaultOf(module)]) if (isGpuJs(candidate)) return candidate;
  throw new BackendError('gpu: the gpu.js that was found has no WebGPU; softgrad needs gpu.js 2.24');
}

/** What a CommonJS module exports, as bundlers see it. */
function defaultOf(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
}

function isGpuJs(module: unknown): module is GpuJs {
  return typeof module === 'object' && module !== null && 'GPU' in module && 'WebGPUContext' in module;
}
