/**
 * @file What a GPU can't do, or can no longer do, is an error that says so, and the next call works.
 */
import { describe, expect, test } from 'vitest';
import { add, backendInfo, setBackend, tensor } from '../../../src/index.js';
import { Texels } from '../../../src/kernels/gpu/adapters/texels.js';
import { loadGpuJs } from '../../../src/kernels/gpu/gpuJs.js';
import type { GpuKernels } from '../../../src/kernels/gpu/gpuKernels.js';
import { GpuStorage } from '../../../src/kernels/gpu/gpuStorage.js';
import type { Storage } from '../../../src/kernels/kernels.js';

/** SwiftShader says that a buffer may have 1 GiB, and never has so much. */
const lacksMemory = /swiftshader/i;

/** @param kernels of which the device stays */
export function describeFailures(mode: 'webgpu' | 'webgl2', kernels: GpuKernels): void {
  describe(`gpu ${mode} refuses`, () => {
    test('a tensor that is too large for the device', async () => {
      const cells = kernels.runtime.adapter.maxCells + 1;
      expect(() => kernels.fill(cells, 0, 'float32')).toThrow(
        `fill: a tensor of ${cells} cells is more than this device holds (${cells - 1}); use smaller batches`,
      );
      await expectWorking(kernels);
    });

    const { device } = kernels.runtime.adapter;
    test.runIf(mode === 'webgpu' && lacksMemory.test(device))('tensors that memory does not suffice for', () =>
      withoutMemoryForBuffers(kernels),
    );
    test.runIf(mode === 'webgl2')('tensors that memory does not suffice for', () => withoutMemoryForTextures(kernels));

    test('a tensor that was disposed of', async () => {
      await setBackend('gpu', { mode });
      const [x, y] = [tensor([1, 2]), tensor([3, 4])];
      x.dispose();
      expect(() => add(x, y)).toThrow('tensor [2]: used after it was disposed');
      await expect(x.data()).rejects.toThrow('tensor [2]: used after it was disposed');
      expect(await add(y, y).data()).toEqual(Float32Array.of(6, 8));
      y.dispose();
      await setBackend('wasm');
    });
  });
}

async function withoutMemoryForBuffers(kernels: GpuKernels): Promise<void> {
  const before = kernels.upload([1, 2], 'float32');
  const huge = kernels.fill(kernels.runtime.adapter.maxCells, 0, 'float32');
  // In the batch that the device refuses as a whole.
  const beside = kernels.unary('neg', before, 0);
  const values = kernels.read(huge);
  kernels.free(huge);
  const message = /^gpu: no memory for a tensor of \d+ cells \(\d+\.\d MB\) on a device that holds \d+\.\d MB; /;
  await expect(values).rejects.toThrow(message);
  await expect(kernels.read(beside)).rejects.toThrow(message);
  expect(() => kernels.unary('exp', beside, 0)).toThrow(message);
  expect(await kernels.read(before)).toEqual(Float32Array.of(1, 2));
  for (const storage of [before, beside]) kernels.free(storage);
  await expectWorking(kernels);
}

/** The driver's answer is made up: to use up its memory would use up the machine's. */
async function withoutMemoryForTextures(kernels: GpuKernels): Promise<void> {
  const x = kernels.upload([0], 'float32');
  const gl = contextOf(x);
  kernels.free(x);
  gl.texStorage2D = () => {};
  gl.getError = () => gl.OUT_OF_MEMORY;
  const cells = 777 * 777;
  expect(() => kernels.upload(new Float32Array(cells), 'float32')).toThrow(
    /^upload: no memory for a texture of \d+×\d+ texels; dispose of tensors or use smaller batches$/,
  );
  Reflect.deleteProperty(gl, 'texStorage2D');
  Reflect.deleteProperty(gl, 'getError');
  await expectWorking(kernels, cells);
}

async function expectWorking(kernels: GpuKernels, length = 3): Promise<void> {
  const x = kernels.upload(new Float32Array(length).fill(2), 'float32');
  const y = kernels.unary('neg', x, 0);
  expect((await kernels.read(y)).every((value) => value === -2)).toBe(true);
  for (const storage of [x, y]) kernels.free(storage);
  expect(kernels.runtime.counters.liveBuffers).toBe(0);
}

function contextOf(storage: Storage): WebGL2RenderingContext {
  const handle = storage instanceof GpuStorage ? storage.handle : undefined;
  if (!(handle instanceof Texels)) throw new TypeError('not a texture');
  return handle.context;
}

const lost = /^read: the Web\w+ (device|context) was lost/;

/** Loses the device of all kernel sets in this mode: to be called last. */
export function describeLoss(mode: 'webgpu' | 'webgl2'): void {
  test(`gpu ${mode}: a lost device is an error, and the next setBackend gets a new one`, async () => {
    await setBackend('gpu', { mode });
    const x = tensor([1, 2, 3]);
    expect(await add(x, x).data()).toEqual(Float32Array.of(2, 4, 6));
    const underway = add(x, x)
      .data()
      .catch((error: Error) => error.message);
    await (mode === 'webgpu' ? loseDevice() : loseContext(contextOf(x.storage)));
    // It may have been quick enough; what it must not be is zeros.
    expect([Float32Array.of(2, 4, 6), expect.stringMatching(lost)]).toContainEqual(await underway);
    expect(() => add(x, x)).toThrow(`call await setBackend('gpu', { mode: '${mode}' }) and create them again`);
    await expect(x.data()).rejects.toThrow(lost);
    x.dispose();

    await setBackend('gpu', { mode });
    expect(backendInfo().mode).toBe(mode);
    const y = tensor([4, 5]);
    expect(await add(y, y).data()).toEqual(Float32Array.of(8, 10));
    y.dispose();
    await setBackend('wasm');
  });
}

async function loseDevice(): Promise<void> {
  const { device } = await (await loadGpuJs()).WebGPUContext.acquire();
  device.destroy();
  await device.lost;
}

async function loseContext(gl: WebGL2RenderingContext): Promise<void> {
  const lost = new Promise((resolve) => gl.canvas.addEventListener('webglcontextlost', resolve));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  await lost;
}
