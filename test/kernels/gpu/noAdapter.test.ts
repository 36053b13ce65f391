/**
 * @file A machine without a GPU, and without software that stands for one.
 */
import { expect, test } from 'vitest';
import { backendInfo, setBackend } from '../../../src/index.js';

process.env.VK_ICD_FILENAMES = '/no/driver.json';
const usesVulkan = process.platform === 'linux';

test.runIf(usesVulkan)('mode webgpu says that there is no adapter, or why WebGPU could not be loaded', async () => {
  const missing = setBackend('gpu', { mode: 'webgpu' });
  await expect(missing).rejects.toThrow(
    /^gpu: mode webgpu is not available: (WebGPU finds no adapter|.*the package 'webgpu' .*npm install webgpu\S*); it needs a GPU with a driver/,
  );
  expect(backendInfo().backend).toBe('wasm');
});

test.runIf(usesVulkan)('auto advises wasm, and tells of every mode what it lacks', async () => {
  const missing = setBackend('gpu');
  await expect(missing).rejects.toThrow(
    /^gpu: no GPU found\. Use await setBackend\('wasm'\).*\nmode webgpu .*\nmode webgl2 .*\nmode headlessgl .*npm install gl$/,
  );
  expect(backendInfo().backend).toBe('wasm');
});
