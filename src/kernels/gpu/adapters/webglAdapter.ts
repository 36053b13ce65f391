/**
 * @file Modes `webgl2` and `headlessgl`: kernels that gpu.js compiles to fragment shaders, on float textures of ours.
 *
 * Kernels are compiled for the sizes of their textures. A lost context reads as zeros without a word, so it is looked for at
 * every call.
 */
import { BackendError } from '../../../errors.js';
import type { GlKernel, GpuJs, GpuJsInstance, GpuJsKernel } from '../gpuJs.js';
import { kernelSettings, threadsFor } from '../kernelSettings.js';
import type { Adapter, Compilation, CompiledKernel, Handle } from './adapter.js';
import { type Gl, maxTexels, Texels, TexturePool } from './texels.js';
import { TextureReader } from './textureReader.js';

const MAX_KERNELS = 256;

class WebglAdapter implements Adapter {
  readonly mode: 'webgl2' | 'headlessgl';
  readonly maxKernels = MAX_KERNELS;
  readonly maxCells: number;
  readonly sharesLengths = false;
  readonly part = undefined;
  readonly device: string;
  readonly #gpu: GpuJsInstance;
  readonly #gl: Gl;
  readonly #pool: TexturePool;
  readonly #reader: TextureReader;

  constructor(mode: 'webgl2' | 'headlessgl', gpu: GpuJsInstance, gl: Gl) {
    this.mode = mode;
    this.#gpu = gpu;
    this.#gl = gl;
    // Float textures can be drawn on only after somebody asked for it.
    gl.getExtension('EXT_color_buffer_float');
    this.#pool = new TexturePool(gl, mode === 'webgl2');
    this.#reader = new TextureReader(gl, mode === 'webgl2');
    this.device = rendererOf(gl);
    this.maxCells = maxTexels(gl.getParameter(gl.MAX_TEXTURE_SIZE));
  }

  get failure(): string | undefined {
    return this.#gl.isContextLost() ? 'the WebGL context was lost' : undefined;
  }

  signature(handle: Handle): string {
    const { cellsPerTexel, output } = texelsOf(handle);
    return `${output[0]}×${cellsPerTexel}`;
  }

  compile(compilation: Compilation): CompiledKernel {
    const { program, inputs } = compilation;
    const types = inputs.map((handle) => (handle ? texelsOf(handle).type : 'ArrayTexture(1)'));
    const settings = kernelSettings(compilation, types);
    const { kernel } = this.#gpu.createKernel(program.source, { ...settings, immutable: false });
    if (!isGlKernel(kernel)) throw new BackendError(`gpu.js made a kernel of mode ${kernel.constructor.mode}`);
    kernel.build(...inputs, ...program.scalars.map(() => 0));
    if (kernel.fallbackReason) throw new BackendError(kernel.fallbackReason);
    // gpu.js gave it an output; each call gets one of ours instead.
    this.#gl.deleteTexture(kernel.texture.texture);
    return {
      run: ({ inputs: tensors, scalars, length }) => {
        const texels = threadsFor(length, program.cellsPerThread);
        const output = this.#pool.take(texels, program.cellsPerThread);
        kernel.texture = output;
        kernel._textureSwitched = true;
        kernel.run(...tensors.map(texelsOf), ...scalars);
        return output;
      },
      destroy: () => kernel.destroy(),
    };
  }

  upload(data: Float32Array): Handle {
    const texels = this.#pool.take(Math.ceil(data.length / 4), 4);
    this.#pool.fill(texels, data);
    return texels;
  }

  read(handle: Handle, length: number): Promise<Float32Array> {
    return this.#reader.read(texelsOf(handle), length);
  }

  readSync(handle: Handle, length: number): Float32Array {
    return this.#reader.readSync(texelsOf(handle), length);
  }

  release(handle: Handle): void {
    this.#pool.give(texelsOf(handle));
  }

  destroy(): void {
    this.#pool.destroy();
    this.#reader.destroy();
  }
}

/**
 * A WebGL context and what runs on it.
 *
 * @throws Error if there is none, or one without float textures
 */
export function createWebglAdapter(gpuJs: GpuJs, mode: 'webgl2' | 'headlessgl'): Adapter {
  const gpu = new gpuJs.GPU({ mode });
  // gpu.js makes the context with its first kernel, which has to stay.
  gpu.createKernel('function zero() { return 0; }', { output: [1], precision: 'single' });
  const { context } = gpu;
  if (!isGl(context)) throw new BackendError('gpu.js made no WebGL context');
  return new WebglAdapter(mode, gpu, context);
}

/** The renderer's real name, where the browser tells it. */
function rendererOf(gl: Gl): string {
  const extension = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

function isGl(context: unknown): context is Gl {
  return typeof context === 'object' && context !== null && 'drawArrays' in context;
}

/** gpu.js calls the mode of all WebGL kernels `gpu`. */
function isGlKernel(kernel: GpuJsKernel): kernel is GlKernel {
  return kernel.constructor.mode === 'gpu';
}

function texelsOf(handle: Handle): Texels {
  if (handle instanceof Texels) return handle;
  throw new BackendError('gpu: a tensor of another mode; read it and create it again in this one');
}
