import { describe, expect, test } from 'vitest';
import { add, BackendError, backendInfo, backends, setBackend, tensor } from '../../../src/index.js';
import { withWebgpu } from '../../../src/kernels/gpu/nodeWebgpu.js';
import { useSoftwareVulkan } from '../../support/softwareVulkan.js';

describe("setBackend('gpu')", () => {
  test('is offered', () => {
    expect(backends()).toEqual(['wasm', 'reference', 'gpu']);
  });

  test.each([
    [{ mode: 'vulkan' }, "gpu: no mode 'vulkan'; there are auto, webgpu, webgl2, headlessgl, webasm, cpu"],
    [{ threads: 2 }, "gpu: no option 'threads'; there is mode"],
  ])('%j is refused', async (options, message) => {
    await expect(setBackend('gpu', options)).rejects.toThrow(message);
    expect(backendInfo().backend).toBe('wasm');
  });

  test('says what mode webgl2 needs, where it is missing', async () => {
    const missing = setBackend('gpu', { mode: 'webgl2' });
    await expect(missing).rejects.toThrow(BackendError);
    await expect(missing).rejects.toThrow('gpu: mode webgl2 is not available: it needs a browser with WebGL 2');
    expect(backendInfo().backend).toBe('wasm');
  });

  test('says what mode headlessgl needs, where it is missing', async () => {
    await expect(setBackend('gpu', { mode: 'headlessgl' })).rejects.toThrow(
      "gpu: mode headlessgl is not available: the package 'gl' is not installed, or finds no display or driver here; it needs Node, and WebGL for it: npm install gl",
    );
    expect(backendInfo().backend).toBe('wasm');
    expect(add(tensor([1, 2]), 1).dataSync()).toEqual(Float32Array.of(2, 3));
  });

  test('names the mode that runs, and keeps one set per mode', async () => {
    await setBackend('gpu', { mode: 'cpu' });
    expect(backendInfo()).toEqual({
      backend: 'gpu',
      mode: 'cpu',
      description: 'gpu cpu, JavaScript',
      dtypes: ['float32'],
      threads: 1,
      device: 'JavaScript',
    });
    const x = tensor([1]);
    await setBackend('gpu', { mode: 'webasm' });
    await setBackend('gpu', { mode: 'cpu' });
    expect(tensor([1]).kernels).toBe(x.kernels);
    await setBackend('wasm');
  });

  test('without a mode never settles for the CPU', async () => {
    useSoftwareVulkan();
    await setBackend('gpu', { mode: 'cpu' });
    const outcome = await setBackend('gpu').then(
      () => backendInfo().mode,
      (error: Error) => error.message,
    );
    expect(outcome).toMatch(/^(webgpu|webgl2|headlessgl)$|^gpu: no GPU found. Use await setBackend\('wasm'\)/);
    await setBackend('wasm');
  });
});

describe('WebGPU in Node', () => {
  test('appears as navigator.gpu for as long as it is asked for', async () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    const seen = await withWebgpu(async (owner) => globalThis.navigator.gpu === owner);
    expect(seen).toBe(true);
    expect(Object.getOwnPropertyDescriptor(globalThis, 'navigator')).toEqual(before);
    expect(globalThis.navigator?.gpu).toBeUndefined();
  });
});
