/**
 * @file Copies textures to JavaScript.
 */
import { BackendError } from '../../../errors.js';
import type { Gl, Texels } from './texels.js';

export class TextureReader {
  readonly #gl: Gl;
  readonly #framebuffer: WebGLFramebuffer;
  readonly #isWebgl2: boolean;

  constructor(gl: Gl, isWebgl2: boolean) {
    this.#gl = gl;
    this.#isWebgl2 = isWebgl2;
    this.#framebuffer = gl.createFramebuffer();
  }

  /** Waits until the device has come so far. */
  readSync(texels: Texels, length: number): Float32Array {
    const { channels, format } = this.#attach(texels);
    const [width, height] = texels.size;
    const pixels = new Float32Array(width * height * channels);
    this.#gl.readPixels(0, 0, width, height, format, this.#gl.FLOAT, pixels);
    this.#requireContext();
    return cellsOf(pixels, channels, texels, length);
  }

  /** The same without blocking, where there are fences: not in WebGL 1. */
  async read(texels: Texels, length: number): Promise<Float32Array> {
    if (!this.#isWebgl2) return this.readSync(texels, length);
    const gl = this.#gl;
    const { channels, format } = this.#attach(texels);
    const [width, height] = texels.size;
    const pixels = new Float32Array(width * height * channels);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, pixels.byteLength, gl.STREAM_READ);
    gl.readPixels(0, 0, width, height, format, gl.FLOAT, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    try {
      if (fence) await this.#passed(fence);
      this.#requireContext();
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
      gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, pixels);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
      this.#requireContext();
      return cellsOf(pixels, channels, texels, length);
    } finally {
      gl.deleteBuffer(buffer);
      gl.deleteSync(fence);
    }
  }

  destroy(): void {
    this.#gl.deleteFramebuffer(this.#framebuffer);
  }

  /** One channel where the driver reads single ones, else four, which it must. */
  #attach({ texture, cellsPerTexel }: Texels): { channels: 1 | 4; format: number } {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    const readsRed =
      this.#isWebgl2 &&
      cellsPerTexel === 1 &&
      gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_FORMAT) === gl.RED &&
      gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_TYPE) === gl.FLOAT;
    return readsRed ? { channels: 1, format: gl.RED } : { channels: 4, format: gl.RGBA };
  }

  /** Asks again in every task: a longer wait would block the page. */
  #passed(fence: WebGLSync): Promise<void> {
    const gl = this.#gl;
    const { port1, port2 } = new MessageChannel();
    return new Promise<void>((resolve) => {
      const ask = (): void => {
        const status = gl.isContextLost() ? gl.WAIT_FAILED : gl.clientWaitSync(fence, 0, 0);
        if (status === gl.TIMEOUT_EXPIRED) port2.postMessage(0);
        else resolve();
      };
      port1.onmessage = ask;
      ask();
    }).finally(() => port1.close());
  }

  /** What a lost context reads are zeros. */
  #requireContext(): void {
    if (this.#gl.isContextLost()) throw new BackendError('read: the WebGL context was lost');
  }
}

function cellsOf(pixels: Float32Array, channels: 1 | 4, { cellsPerTexel }: Texels, length: number): Float32Array {
  if (channels === cellsPerTexel) return pixels.slice(0, length);
  return Float32Array.from({ length }, (_, i) => pixels[i * channels] ?? Number.NaN);
}
