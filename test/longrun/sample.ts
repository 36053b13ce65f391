/**
 * @file What a training holds at one moment, once the garbage is collected.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { WasmKernels } from '../../src/kernels/wasm/wasmKernels.js';
import { memory } from '../../src/tensor/scope.js';

export interface Sample {
  /** Steps made so far. */
  readonly step: number;
  /** Mean since the sample before. */
  readonly loss: number;
  /** Bytes of JavaScript objects, array buffers included. */
  readonly heap: number;
  /** Bytes that the process has of the machine. */
  readonly resident: number;
  /** Bytes of the WebAssembly memory, which never shrinks. */
  readonly wasmMemory: number;
  /** Bytes of it that are handed out. */
  readonly wasmLive: number;
  readonly tensors: number;
  readonly storages: number;
  /** Timers, files, threads and the like that keep the process busy. */
  readonly resources: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Looks at this process and at the memory of `kernels`, after a garbage collection. */
export async function takeSample(step: number, loss: number, { runtime }: WasmKernels): Promise<Sample> {
  collectGarbage();
  // Finalisers free what collected tensors held; what they free is gone with the second collection.
  await sleep(1);
  collectGarbage();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const { tensors, storages } = memory();
  return {
    ...{ step, loss, heap: heapUsed + arrayBuffers, resident: rss },
    ...{ wasmMemory: runtime.memory.bytes, wasmLive: runtime.allocator.liveBytes },
    ...{ tensors, storages, resources: process.getActiveResourcesInfo().length },
  };
}
