/**
 * @file What every mode of the gpu set must do, in Node and in a browser: parity with the reference set, lifetimes, counters.
 */
import { describe, expect, test } from 'vitest';
import { setBackend, tensor } from '../../../src/index.js';
import type { GpuMode } from '../../../src/kernels/gpu/adapters/adapter.js';
import type { GpuKernels } from '../../../src/kernels/gpu/gpuKernels.js';
import type { Kernels } from '../../../src/kernels/kernels.js';
import { kernelTolerances } from '../../tolerances.js';
import { describeParity } from '../parity/describeParity.js';
import { describeFailures, describeLoss } from './describeFailures.js';
import { describePooling } from './describePooling.js';

/** The set that `setBackend` takes: sets of their own on the same device would hear of each other's errors. */
export async function gpuKernelsOf(mode: GpuMode): Promise<GpuKernels> {
  await setBackend('gpu', { mode });
  const x = tensor([0]);
  const { kernels } = x;
  x.dispose();
  await setBackend('wasm');
  if (!isGpuKernels(kernels)) throw new TypeError(`mode ${mode} is the set ${kernels.name}`);
  return kernels;
}

function isGpuKernels(kernels: Kernels): kernels is GpuKernels {
  return kernels.name === 'gpu';
}

/** @param numRuns cases per method: every new geometry is a kernel to compile */
export function describeGpuKernels(mode: GpuMode, kernels: GpuKernels, numRuns: number): void {
  describeParity(`gpu ${mode}`, kernels, { tolerances: kernelTolerances[`gpu ${mode}`], numRuns });
  describePooling(mode, kernels);
  test(`gpu ${mode} leaves no buffers behind`, () => {
    expect(kernels.runtime.counters).toMatchObject({ liveBuffers: 0, liveBytes: 0 });
  });
  describeLifetimes(mode, kernels);
  if (mode === 'webgpu' || mode === 'webgl2') {
    describeFailures(mode, kernels);
    describeLoss(mode);
  }
}

function describeLifetimes(mode: GpuMode, kernels: GpuKernels): void {
  const { counters } = kernels.runtime;

  describe(`storages of gpu ${mode}`, () => {
    test('are named by info()', () => {
      expect(kernels.info()).toMatchObject({ backend: 'gpu', mode, dtypes: ['float32'] });
      expect(kernels.info().description).toMatch(new RegExp(`^gpu ${mode}, \\w+`));
    });

    test('may be freed before the kernels that read them have run', async () => {
      const x = kernels.upload([1, 2, 3], 'float32');
      const y = kernels.unary('exp', x, 0);
      kernels.free(x);
      const z = kernels.binary('mul', y, y, { shape: [3], stridesA: [1], stridesB: [1] }, 0);
      kernels.free(y);
      expect(Array.from(await kernels.read(z))).toEqual([1, 2, 3].map((v) => expect.closeTo(Math.exp(2 * v), 2)));
      kernels.free(z);
      expect(counters.liveBuffers).toBe(0);
    });

    test('may be freed right after a read was asked for', async () => {
      const x = kernels.upload([4, 5], 'float32');
      const values = kernels.read(x);
      kernels.free(x);
      const overwritten = kernels.fill(2, 7, 'float32');
      expect(await values).toEqual(Float32Array.of(4, 5));
      expect(await kernels.read(overwritten)).toEqual(Float32Array.of(7, 7));
      kernels.free(overwritten);
    });

    test('come back only when they are read', async () => {
      const before = { ...counters };
      let x = kernels.fill(5, 1, 'float32');
      for (let i = 0; i < 10; i++) {
        const next = kernels.unary('addScalar', x, 1);
        kernels.free(x);
        x = next;
      }
      expect(counters.readbacks).toBe(before.readbacks);
      expect(await kernels.read(x)).toEqual(new Float32Array(5).fill(11));
      kernels.free(x);
      expect(counters.readbacks).toBe(before.readbacks + 1);
      expect(counters.dispatches).toBe(before.dispatches + 11);
    });

    test('do not pile up over 200 steps', async () => {
      const kernelsBefore = kernels.runtime.kernels.size;
      let x = kernels.upload(new Float32Array(1000).fill(0.5), 'float32');
      for (let step = 0; step < 200; step++) {
        const [y, old] = [kernels.unary('tanh', x, 0), x];
        x = kernels.unary('mulScalar', y, 2);
        kernels.free(y);
        kernels.free(old);
        if (step % 50 === 0) await kernels.read(x);
        expect(counters.liveBuffers).toBeLessThanOrEqual(4);
      }
      await kernels.read(x);
      kernels.free(x);
      expect(counters).toMatchObject({ liveBuffers: 0, liveBytes: 0 });
      // WebGL compiles the first for what was uploaded, too.
      expect(kernels.runtime.kernels.size).toBeLessThanOrEqual(kernelsBefore + (mode === 'webgl2' ? 3 : 2));
    });

    test('are an error after they were freed', async () => {
      const x = kernels.fill(5, 0, 'float32');
      kernels.free(x);
      expect(() => kernels.unary('neg', x, 0)).toThrow('gpu: storage of 5 values used after it was freed');
      expect(() => kernels.free(x)).toThrow('gpu: storage of 5 values freed twice');
      await expect(kernels.read(x)).rejects.toThrow('used after it was freed');
    });

    test('may be empty', async () => {
      const empty = kernels.upload([], 'float32');
      expect(await kernels.read(kernels.unary('exp', empty, 0))).toEqual(new Float32Array(0));
    });

    test('of float64 are refused', () => {
      const message = "the gpu backend has no float64; use { backend: 'reference' }";
      expect(() => kernels.upload([1], 'float64')).toThrow(`upload: ${message}`);
      expect(() => kernels.fill(1, 1, 'float64')).toThrow(`fill: ${message}`);
    });

    test.runIf(mode === 'webgpu')('cannot be read at once', () => {
      const x = kernels.fill(2, 3, 'float32');
      expect(() => kernels.readSync(x)).toThrow("dataSync: gpu mode webgpu answers later only; write 'await t.data()'");
      kernels.free(x);
    });

    test.runIf(mode !== 'webgpu')('can be read at once', () => {
      const x = kernels.fill(2, 3, 'float32');
      expect(kernels.readSync(x)).toEqual(Float32Array.of(3, 3));
      kernels.free(x);
    });
  });
}
