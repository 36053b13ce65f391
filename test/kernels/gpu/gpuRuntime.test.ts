import { describe, expect, test } from 'vitest';
import { BackendError } from '../../../src/errors.js';
import type { Adapter, CompiledKernel, Handle } from '../../../src/kernels/gpu/adapters/adapter.js';
import { GpuRuntime } from '../../../src/kernels/gpu/gpuRuntime.js';
import { KernelCache } from '../../../src/kernels/gpu/kernelCache.js';
import type { Program } from '../../../src/kernels/gpu/program.js';

/** An adapter that tells what it is asked to do, and whose kernels are compiled when a test says so. */
class FakeAdapter implements Adapter {
  readonly mode = 'webgpu';
  readonly device = 'made up';
  readonly maxKernels = 2;
  readonly maxCells = 2 ** 25;
  readonly sharesLengths: boolean;
  readonly readSync = undefined;
  readonly part = undefined;
  failure: string | undefined;
  readonly log: string[] = [];
  readonly #pending = new Map<string, { resolve(kernel: CompiledKernel): void; reject(error: Error): void }>();

  constructor(sharesLengths = true) {
    this.sharesLengths = sharesLengths;
  }

  signature({ bytes }: Handle): string {
    return `${bytes} bytes`;
  }

  compile({ program: { name } }: { program: Program }): Promise<CompiledKernel> {
    this.log.push(`compile ${name}`);
    return new Promise((resolve, reject) => this.#pending.set(name, { resolve, reject }));
  }

  async finish(name: string, error?: Error): Promise<void> {
    const pending = this.#pending.get(name);
    if (error) pending?.reject(error);
    else pending?.resolve({ run: () => this.#run(name), destroy: () => this.log.push(`destroy ${name}`) });
    await new Promise((resolve) => setTimeout(resolve));
  }

  upload(): Handle {
    this.log.push('upload');
    return { bytes: 4 };
  }

  async read(): Promise<Float32Array> {
    this.log.push('read');
    return new Float32Array(1);
  }

  release(): void {
    this.log.push('release');
  }

  destroy(): void {}

  #run(name: string): Handle {
    this.log.push(`run ${name}`);
    return { bytes: 4 };
  }
}

function program(name: string): Program<'x', never, never, never> {
  const nothing = { scalars: [], constants: [], slots: {}, helpers: [] };
  return { name, source: '', inputs: ['x'], ...nothing, cellsPerThread: 1, computesIndices: true };
}

function setUp() {
  const adapter = new FakeAdapter();
  const runtime = new GpuRuntime(adapter);
  const x = runtime.upload('upload', [1]);
  adapter.log.length = 0;
  const run = (name: string, input = x) => runtime.run('op', program(name), { inputs: { x: input }, length: 1 });
  return { adapter, runtime, x, run };
}

describe('calls', () => {
  test('keep their order, whichever kernel is compiled first', async () => {
    const { adapter, runtime, run } = setUp();
    const y = run('a');
    const z = run('b', y);
    runtime.free(y);
    const value = runtime.read(z);
    runtime.free(z);
    expect(adapter.log).toEqual(['compile a', 'compile b']);
    await adapter.finish('b');
    expect(adapter.log).toEqual(['compile a', 'compile b']);
    await adapter.finish('a');
    expect(adapter.log.slice(2)).toEqual(['run a', 'run b', 'release', 'read', 'release']);
    expect(await value).toEqual(new Float32Array(1));
    expect(runtime.counters).toMatchObject({ dispatches: 2, readbacks: 1, liveBuffers: 1 });
  });

  test('start at once when their kernel is compiled', async () => {
    const { adapter, run } = setUp();
    run('a');
    await adapter.finish('a');
    adapter.log.length = 0;
    run('a');
    expect(adapter.log).toEqual(['run a']);
  });

  test('whose kernel cannot be compiled fail those that need their results, and no others', async () => {
    const { adapter, runtime, run } = setUp();
    const wrong = run('wrong');
    const dependent = run('right', wrong);
    const independent = run('right');
    const values = [wrong, dependent, independent].map((storage) => runtime.read(storage));
    const outcomes = Promise.allSettled(values);
    await adapter.finish('wrong', new Error('no such thing'));
    await adapter.finish('right');
    const reason = expect.objectContaining({
      message: "op: gpu.js can't compile 'wrong' in mode webgpu: no such thing",
    });
    expect(await outcomes).toMatchObject([{ reason }, { reason }, { status: 'fulfilled' }]);
    expect(() => run('right', dependent)).toThrow(BackendError);
    for (const storage of [wrong, dependent, independent]) runtime.free(storage);
    expect(runtime.counters.liveBuffers).toBe(1);
  });

  test('of a kernel that could not be compiled try again', async () => {
    const { adapter, run } = setUp();
    run('a');
    await adapter.finish('a', new Error('not now'));
    run('a');
    expect(adapter.log).toEqual(['compile a', 'compile a']);
  });

  test('on a lost device say so', async () => {
    const { adapter, runtime, x, run } = setUp();
    adapter.failure = 'the WebGPU device was lost (unplugged)';
    const message =
      "the WebGPU device was lost (unplugged), and the tensors on it with it; call await setBackend('gpu', { mode: 'webgpu' }) and create them again";
    expect(() => run('a')).toThrow(`op: ${message}`);
    expect(() => runtime.upload('upload', [1])).toThrow(`upload: ${message}`);
    await expect(runtime.read(x)).rejects.toThrow(`read: ${message}`);
    runtime.free(x);
  });

  test('with more cells than a float32 index tells apart are refused', () => {
    const { runtime, x } = setUp();
    const call = { inputs: { x }, length: 2 ** 24 + 1 };
    expect(() => runtime.run('pool', program('a'), call)).toThrow(
      'pool: a tensor of 16777217 cells has more than a gpu kernel can index (16777216); use smaller batches',
    );
  });
});

describe('compiled kernels', () => {
  test('are destroyed when others were used more recently', async () => {
    const { adapter, run } = setUp();
    for (const name of ['a', 'b']) {
      run(name);
      await adapter.finish(name);
    }
    run('a');
    adapter.log.length = 0;
    run('c');
    expect(adapter.log).toEqual(['compile c', 'destroy b']);
  });

  test('are told apart by each of their constants', () => {
    const { adapter, runtime, x } = setUp();
    const a = { ...program('a'), constants: ['width', 'height'] } as const;
    const size = (width: number, height: number) => {
      runtime.run('op', a, { inputs: { x }, constants: { width, height }, length: 1 });
      return adapter.log.length;
    };
    expect([size(1, 1), size(2, 1), size(1, 2), size(12, 1), size(1, 21), size(2, 1)]).toEqual([1, 2, 3, 4, 5, 5]);
  });

  test('are told apart by length and inputs where a mode depends on them', () => {
    const handles: Handle[] = [{ bytes: 4 }, { bytes: 8 }];
    const compiled = (sharesLengths: boolean): number => {
      const adapter = new FakeAdapter(sharesLengths);
      const cache = new KernelCache(adapter, () => {});
      for (const length of [1, 2, 1]) {
        for (const input of handles) cache.get('op', { program: program('a'), constants: {}, length, inputs: [input] });
      }
      return cache.compilations;
    };
    expect([compiled(true), compiled(false)]).toEqual([1, 4]);
  });

  test('that calls wait for stay', async () => {
    const { adapter, run } = setUp();
    for (const name of ['a', 'b', 'c']) run(name);
    expect(adapter.log).toEqual(['compile a', 'compile b', 'compile c']);
    for (const name of ['a', 'b', 'c']) await adapter.finish(name);
    expect(adapter.log.slice(3)).toEqual(['run a', 'run b', 'run c']);
  });
});
