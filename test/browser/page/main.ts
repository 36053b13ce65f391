/**
 * @file What runs in the page, called from Node as `gpuPage`.
 */
import { type BackendInfo, backendInfo, setBackend } from '../../../src/index.js';
import { parseSafetensors, type SafetensorsContents } from '../../../src/io/parseSafetensors.js';
import type { GpuMode } from '../../../src/kernels/gpu/adapters/adapter.js';
import { describeGpuKernels, gpuKernelsOf } from '../../kernels/gpu/describeGpuKernels.js';
import { describeTraining } from '../../kernels/gpu/describeTraining.js';
import { collectedTests } from './vitest.js';

export interface CollectOptions {
  /** Cases per method of the kernel contract. */
  readonly numRuns: number;
  /** Whether to train for long, and on large pictures. */
  readonly isThorough: boolean;
}

const gpuPage = {
  /** Collects the tests of a mode, and returns their names. */
  async collect(mode: GpuMode, { numRuns, isThorough }: CollectOptions): Promise<readonly string[]> {
    describeGpuKernels(mode, await gpuKernelsOf(mode), numRuns);
    describeTraining(mode, { read: fetchFixture, isThorough });
    return [...collectedTests.keys()];
  },

  /** Runs a collected test; a failure is an error whose message says what to repeat. */
  async run(name: string): Promise<void> {
    const body = collectedTests.get(name);
    if (!body) throw new RangeError(`no test is called ${name}`);
    await body();
  },

  /** What the public API says of a mode, or why it is not there. */
  async info(mode: GpuMode | 'auto'): Promise<BackendInfo | string> {
    try {
      await setBackend('gpu', { mode });
      return backendInfo();
    } catch (error) {
      return String(error);
    }
  },
};

/** A file of test/fixtures, which lie beside the page. */
async function fetchFixture(name: string): Promise<SafetensorsContents> {
  const response = await fetch(`${name}.safetensors`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return parseSafetensors(new Uint8Array(await response.arrayBuffer()), name);
}

export type GpuPage = typeof gpuPage;

Object.assign(globalThis, { gpuPage });
