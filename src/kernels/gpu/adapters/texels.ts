/**
 * @file Float textures that hold tensors, and that gpu.js takes for textures of its own.
 */
import { BackendError } from '../../../errors.js';
import type { Handle } from './adapter.js';
import { Reserve } from './reserve.js';

/** The WebGL of a mode: `headlessgl` is WebGL 1, whose float textures always have four channels. */
export type Gl = WebGL2RenderingContext;

/** One cell per texel, or four where a kernel writes four per thread and in uploads. */
export type CellsPerTexel = 1 | 4;

/** Texels of a texture for which memory may lack. To ask for errors means to wait for the driver. */
const LARGE = 2 ** 16;

/** A texture, with the fields that gpu.js reads of its arguments and of a kernel's output. */
export class Texels implements Handle {
  readonly type: 'ArrayTexture(1)' | 'MemoryOptimizedNumberTexture';
  readonly output: readonly [number];
  readonly dimensions: readonly [number, number, number];

  constructor(
    readonly context: Gl,
    readonly texture: WebGLTexture,
    readonly size: readonly [number, number],
    readonly cellsPerTexel: CellsPerTexel,
    /** Cells that it holds at most. */
    capacity: number,
  ) {
    this.type = cellsPerTexel === 1 ? 'ArrayTexture(1)' : 'MemoryOptimizedNumberTexture';
    this.output = [capacity];
    this.dimensions = [capacity, 1, 1];
  }

  get bytes(): number {
    return this.size[0] * this.size[1] * this.cellsPerTexel * 4;
  }

  /** gpu.js asks its own textures whether somebody still reads them; ours are never written twice. */
  beforeMutate(): boolean {
    return false;
  }

  /** gpu.js calls it when a kernel is destroyed; a tensor outlives its kernel. */
  delete(): void {}
}

/** Makes textures, and keeps those given back for the next tensor of their size. */
export class TexturePool {
  readonly #gl: Gl;
  readonly #isWebgl2: boolean;
  readonly #reserve: Reserve<WebGLTexture>;

  constructor(gl: Gl, isWebgl2: boolean) {
    this.#gl = gl;
    this.#isWebgl2 = isWebgl2;
    this.#reserve = new Reserve((textures) => {
      for (const texture of textures) gl.deleteTexture(texture);
    });
  }

  /**
   * A texture of whatever content.
   *
   * @throws BackendError if there is no memory for it
   */
  take(texels: number, cellsPerTexel: CellsPerTexel): Texels {
    const size = textureSize(texels);
    const bytes = size[0] * size[1] * cellsPerTexel * 4;
    const texture = this.#reserve.take(poolKey(size, cellsPerTexel), bytes, () => this.#create(size, cellsPerTexel));
    // Two lengths may share a size, but a texture says its length.
    return new Texels(this.#gl, texture, size, cellsPerTexel, texels * cellsPerTexel);
  }

  give({ texture, size, cellsPerTexel, bytes }: Texels): void {
    this.#reserve.give(poolKey(size, cellsPerTexel), bytes, texture);
  }

  /** Replaces the content of a texture of four cells per texel. */
  fill({ texture, size }: Texels, data: Float32Array): void {
    const gl = this.#gl;
    const padded = new Float32Array(size[0] * size[1] * 4);
    padded.set(data);
    bindTexture(gl, texture);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, size[0], size[1], gl.RGBA, gl.FLOAT, padded);
  }

  destroy(): void {
    this.#reserve.clear();
  }

  #create(size: readonly [number, number], cellsPerTexel: CellsPerTexel): WebGLTexture {
    const gl = this.#gl;
    const isLarge = size[0] * size[1] >= LARGE;
    const texture = this.#allocate(size, cellsPerTexel);
    if (!isLarge || gl.getError() !== gl.OUT_OF_MEMORY) return texture;
    gl.deleteTexture(texture);
    this.#reserve.clear();
    const another = this.#allocate(size, cellsPerTexel);
    if (gl.getError() !== gl.OUT_OF_MEMORY) return another;
    gl.deleteTexture(another);
    const sides = size.join('×');
    throw new BackendError(`no memory for a texture of ${sides} texels; dispose of tensors or use smaller batches`);
  }

  #allocate([width, height]: readonly [number, number], cellsPerTexel: CellsPerTexel): WebGLTexture {
    const gl = this.#gl;
    const texture = gl.createTexture();
    bindTexture(gl, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    if (!this.#isWebgl2) gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, gl.RGBA, gl.FLOAT, null);
    else gl.texStorage2D(gl.TEXTURE_2D, 1, cellsPerTexel === 1 ? gl.R32F : gl.RGBA32F, width, height);
    return texture;
  }
}

/** How many texels `textureSize` always gives a place whose sides are not longer than `side`; of a few more it makes longer ones. */
export function maxTexels(side: number): number {
  return side * (side - 1);
}

/** gpu.js's rule: as square as can be, at least `texels` of them. */
export function textureSize(texels: number): readonly [number, number] {
  const root = Math.sqrt(texels);
  let high = Math.ceil(root);
  let low = Math.floor(root);
  while (high * low < texels) {
    high -= 1;
    low = Math.ceil(texels / high);
  }
  return [low, Math.ceil(texels / low)];
}

function poolKey(size: readonly [number, number], cellsPerTexel: CellsPerTexel): string {
  return `${size[0]}×${size[1]}×${cellsPerTexel}`;
}

/** On a unit that no kernel uses, as gpu.js does it. */
function bindTexture(gl: Gl, texture: WebGLTexture): void {
  gl.activeTexture(gl.TEXTURE15);
  gl.bindTexture(gl.TEXTURE_2D, texture);
}
