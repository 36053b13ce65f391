import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import '../../../src/backends.js';
import { createWasmKernels } from '../../../src/kernels/wasm/wasmKernels.js';
import { windowGeometry } from '../../../src/kernels/windowGeometry.js';
import { ResNet } from '../../../src/nn/models/resnet.js';
import { crossEntropy } from '../../../src/ops/index.js';
import { SGD } from '../../../src/optim/index.js';
import { backendInfo, setBackend } from '../../../src/tensor/activeBackend.js';
import { randn } from '../../../src/tensor/create.js';
import { Generator } from '../../../src/tensor/generator.js';
import { manualSeed } from '../../../src/tensor/random.js';
import { scope } from '../../../src/tensor/scope.js';

const LENGTH = 1_000_000;

/** Waits until the helpers of a set take part; they come up while the caller works on. */
async function helpersUp(kernels: ReturnType<typeof createWasmKernels>, count: number): Promise<void> {
  while ((kernels.runtime.pool?.ready ?? 0) < count) {
    kernels.free(kernels.fill(LENGTH, 0, 'float32'));
    await setImmediate();
  }
}

describe('helper threads', () => {
  const kernels = createWasmKernels({ threads: 3 });
  const workers: Worker[] = [];
  const collect = (worker: Worker): void => {
    workers.push(worker);
  };
  process.on('worker', collect);
  afterAll(() => {
    process.off('worker', collect);
    kernels.runtime.close();
  });
  const sum = (): number | undefined => {
    const x = kernels.fill(LENGTH, 1, 'float32');
    const y = kernels.unary('mulScalar', x, 3);
    const total = kernels.reduce('sum', y, { shape: [LENGTH], reduced: [true] });
    const [value] = kernels.readSync(total);
    for (const storage of [x, y, total]) kernels.free(storage);
    return value;
  };

  test('are started by the first large kernel', async () => {
    kernels.free(kernels.fill(100, 0, 'float32'));
    expect(workers).toHaveLength(0);
    expect(sum()).toBe(3 * LENGTH);
    await setImmediate();
    expect(workers).toHaveLength(2);
    await helpersUp(kernels, 2);
    expect(sum()).toBe(3 * LENGTH);
  });

  test('agree on many short jobs in a row', async () => {
    await helpersUp(kernels, 2);
    for (let i = 0; i < 3000; i++) {
      const x = kernels.fill(40_000 + i, i, 'float32');
      const total = kernels.reduce('max', x, { shape: [40_000 + i], reduced: [true] });
      expect(kernels.readSync(total)[0]).toBe(i);
      kernels.free(x);
      kernels.free(total);
    }
  });

  test('leave no cell out', async () => {
    await helpersUp(kernels, 2);
    // Seven tasks in six chunks; a cell that was left out, or is written late, holds what a storage before this one held.
    const length = 7 * 16384;
    const layout = { shape: [length], reduced: [true] };
    for (let i = 1; i <= 1000; i++) {
      const x = kernels.fill(length, i, 'float32');
      const extrema = (['min', 'max'] as const).map((op) => kernels.reduce(op, x, layout));
      expect(extrema.map((storage) => kernels.readSync(storage)[0])).toEqual([i, i]);
      for (const storage of [x, ...extrema]) kernels.free(storage);
    }
  });

  test('work in scratch memory of their own', async () => {
    await helpersUp(kernels, 2);
    const alone = createWasmKernels({ threads: 1 });
    const geometry = windowGeometry('softPool2d', [60, 48, 48], 2, { kernelSize: 3, stride: 2, padding: 1 });
    const values = new Generator(1).fillNormal(new Float32Array(60 * 48 * 48));
    const pool = (set: typeof kernels): ArrayLike<number> => {
      const x = set.upload(values, 'float32');
      const y = set.softPool(x, 1, geometry);
      const result = set.readSync(y);
      for (const storage of [x, y]) set.free(storage);
      return result;
    };
    const expected = pool(alone);
    for (let i = 0; i < 50; i++) expect(pool(kernels)).toEqual(expected);
  });

  test('wake up after a pause', async () => {
    await setTimeout(50);
    expect(sum()).toBe(3 * LENGTH);
  });

  test('that die are reported once, then replaced', async () => {
    await helpersUp(kernels, 2);
    const [worker] = workers;
    void worker?.terminate();
    await once(worker!, 'exit');
    const live = kernels.runtime.allocator.liveBytes;
    expect(sum).toThrow(/^wasm: helper thread 1 ended: exit code 1; .*threads: 1/);
    expect(sum()).toBe(3 * LENGTH);
    await setImmediate();
    expect(workers).toHaveLength(4);
    await helpersUp(kernels, 2);
    expect(sum()).toBe(3 * LENGTH);
    expect(kernels.runtime.allocator.liveBytes).toBeLessThan(live + 2 * 4 * LENGTH);
  });
});

test('helper threads do not keep the process alive', async () => {
  const path = fileURLToPath(new URL('../../../src/kernels/wasm/wasmKernels.ts', import.meta.url));
  const script = `
    const { createWasmKernels } = await import(${JSON.stringify(path)});
    const kernels = createWasmKernels({ threads: 3 });
    while ((kernels.runtime.pool?.ready ?? 0) < 2) kernels.free(kernels.fill(${LENGTH}, 0, 'float32'));
    console.log('ready');
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { timeout: 50_000 },
  );
  expect(stdout).toBe('ready\n');
});

describe('two training steps of resnet8', () => {
  const train = async (threads: number): Promise<Float32Array[]> => {
    await setBackend('wasm', { threads });
    expect(backendInfo().threads).toBe(threads);
    manualSeed(3);
    const model = new ResNet(1, { pool: 'soft' });
    const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 1e-4 });
    for (let step = 0; step < 2; step++) {
      scope(() => crossEntropy(model.forward(randn([8, 3, 32, 32])), [0, 1, 2, 3, 4, 5, 6, 7]).backward());
      optimizer.step();
      optimizer.zeroGrad();
    }
    return Promise.all(Array.from(model.parameters(), async (parameter) => Float32Array.from(await parameter.data())));
  };

  test.each([2, 3])('end with the same bits on %d threads as on 1', async (threads) => {
    const expected = await train(1);
    const actual = await train(threads);
    expect(actual.map((values) => new Uint32Array(values.buffer))).toEqual(
      expected.map((values) => new Uint32Array(values.buffer)),
    );
  });
});
