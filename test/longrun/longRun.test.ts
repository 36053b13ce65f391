import { describe, expect, test } from 'vitest';
import type { WasmKernels } from '../../src/kernels/wasm/wasmKernels.js';
import { full } from '../../src/tensor/create.js';
import { keep } from '../../src/tensor/scope.js';
import { growths } from './growth.js';
import { longRun } from './longRun.js';

const few = { steps: 60, batchSize: 2, size: 8, threads: 1 } as const;

/** Loses something of every kind, and can't be asked to give it back. */
class Leak {
  readonly held: unknown[] = [];
  readonly timers: NodeJS.Timeout[] = [];

  readonly onStep = ({ runtime }: WasmKernels): void => {
    this.held.push(keep(full([3], 1)), new Array<number>(2 ** 12).fill(0.5));
    runtime.reserve('a leak', 2 ** 18);
    this.timers.push(setInterval(() => {}, 2 ** 30));
  };
}

describe('a long run', () => {
  test('holds after each step what it held before', async () => {
    const samples = await longRun(few);
    expect(samples.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => 3 * (i + 1)));
    expect(growths(samples)).toEqual([]);
  });

  test('that leaks is found out, and told what leaks', async () => {
    const leak = new Leak();
    const found = growths(await longRun({ ...few, onStep: leak.onStep }));
    for (const timer of leak.timers) clearInterval(timer);
    expect(leak.held).toHaveLength(2 * few.steps);
    expect(found).toEqual([
      expect.stringMatching(
        /^bytes of JavaScript objects: [1-9],[\d,]+ more, \d\d,\d00 per step; at most 1,048,576 are allowed$/,
      ),
      expect.stringMatching(/^bytes of WebAssembly memory: [\d,]+ more, [\d,]+ per step; at most 0 are allowed$/),
      // A storage takes a cache line of 64 bytes.
      'bytes handed out of it: 14,159,232 more, 262,000 per step; at most 0 are allowed',
      'tensors: 54 more, 1 per step; at most 0 are allowed',
      'storages: 54 more, 1 per step; at most 0 are allowed',
      // A timer of the test runner may come or go.
      expect.stringMatching(/^timers, files and threads: 5[2-6] more, .* per step; at most 2 are allowed$/),
    ]);
  });
});
