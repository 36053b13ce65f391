import { expect, test } from 'vitest';
import { add, backendInfo, setBackend, tensor } from '../../../src/index.js';
import { loadGpuJs } from '../../../src/kernels/gpu/gpuJs.js';
import { useSoftwareVulkan } from '../../support/softwareVulkan.js';

useSoftwareVulkan();
const unavailable = await setBackend('gpu', { mode: 'webgpu' }).catch((error: Error) => error);

test.skipIf(unavailable)('a lost WebGPU device is an error, and the next setBackend gets a new one', async () => {
  const x = tensor([1, 2, 3]);
  expect(await add(x, x).data()).toEqual(Float32Array.of(2, 4, 6));
  const { device } = await (await loadGpuJs()).WebGPUContext.acquire();
  device.destroy();
  await device.lost;
  expect(() => add(x, x)).toThrow("call await setBackend('gpu', { mode: 'webgpu' }) and create them again");
  await expect(x.data()).rejects.toThrow('read: the WebGPU device was lost');
  x.dispose();

  await setBackend('gpu', { mode: 'webgpu' });
  expect(backendInfo().mode).toBe('webgpu');
  const y = tensor([4, 5]);
  expect(await add(y, y).data()).toEqual(Float32Array.of(8, 10));
});

test.skipIf(unavailable)('a tensor that is too large for the device is an error, and the next one works', async () => {
  const { device } = await (await loadGpuJs()).WebGPUContext.acquire();
  const cells = device.limits.maxStorageBufferBindingSize / 4 + 1;
  const x = tensor([1]);
  expect(() => x.kernels.fill(cells, 0, 'float32')).toThrow(
    /^fill: a tensor of \d+ cells is more than this device holds/,
  );
  expect(await add(x, x).data()).toEqual(Float32Array.of(2));
});
