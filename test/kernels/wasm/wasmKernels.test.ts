import { fc, test } from '@fast-check/vitest';
import { afterEach, describe, expect, vi } from 'vitest';
import { type ConvOptions, convGeometry } from '../../../src/kernels/convGeometry.js';
import type { Kernels } from '../../../src/kernels/kernels.js';
import { referenceKernels } from '../../../src/kernels/reference/referenceKernels.js';
import { createWasmKernels } from '../../../src/kernels/wasm/wasmKernels.js';
import { expectClose } from '../../support/closeness.js';

const kernels = createWasmKernels({ threads: 1 });

describe('storages', () => {
  test('are read as copies', () => {
    const x = kernels.upload([1, 2, 3], 'float32');
    const copy = kernels.readSync(x);
    copy[0] = 7;
    expect(kernels.readSync(x)).toEqual(Float32Array.of(1, 2, 3));
    expect(copy.buffer).toBeInstanceOf(ArrayBuffer);
  });

  test.prop([fc.array(fc.float()), fc.constantFrom('list', 'float32', 'float64', 'array-like')])(
    'are uploaded from anything like an array',
    async (data, kind) => {
      const forms = { list: data, float32: Float32Array.from(data), float64: Float64Array.from(data) };
      const source = kind === 'array-like' ? { ...data, length: data.length } : forms[kind as keyof typeof forms];
      const x = kernels.upload(source, 'float32');
      expect(await kernels.read(x)).toEqual(Float32Array.from(data));
      kernels.free(x);
    },
  );

  test('may be empty', () => {
    const empty = kernels.upload([], 'float32');
    expect(kernels.readSync(kernels.unary('exp', empty, 0))).toEqual(new Float32Array(0));
  });

  test('freed twice are an error', () => {
    const x = kernels.fill(5, 0, 'float32');
    kernels.free(x);
    expect(() => kernels.free(x)).toThrow('wasm: storage of 5 values freed twice');
  });

  test('used after they were freed are an error, even if their memory has a new owner', () => {
    const x = kernels.fill(5, 0, 'float32');
    kernels.free(x);
    kernels.fill(5, 0, 'float32');
    expect(() => kernels.unary('neg', x, 0)).toThrow('wasm: storage of 5 values used after it was freed');
    expect(() => kernels.readSync(x)).toThrow('used after it was freed');
  });

  test('of float64 are refused', () => {
    const message = "the wasm backend has no float64; use { backend: 'reference' }";
    expect(() => kernels.upload([1], 'float64')).toThrow(`upload: ${message}`);
    expect(() => kernels.fill(1, 1, 'float64')).toThrow(`fill: ${message}`);
  });

  test('survive the growth of the memory', () => {
    const set = createWasmKernels({ threads: 1 });
    const x = set.upload([1, 2, 3], 'float32');
    const before = set.runtime.memory.bytes;
    set.fill(5_000_000, 0, 'float32');
    expect(set.runtime.memory.bytes).toBeGreaterThan(before);
    expect(set.readSync(x)).toEqual(Float32Array.of(1, 2, 3));
  });
});

describe('options', () => {
  test('are named by info()', () => {
    expect(createWasmKernels({ variant: 'simd', threads: 3 }).info()).toEqual({
      backend: 'wasm',
      description: 'wasm simd, 3 threads',
      dtypes: ['float32'],
      threads: 3,
      device: 'simd',
    });
  });

  test.each([0, 1.5, 65, Number.NaN])('threads: %d is refused', (threads) => {
    expect(() => createWasmKernels({ threads })).toThrow('threads must be a whole number from 1 to 64');
  });

  test('that do not exist are refused', () => {
    const misspelt: object = { thread: 1 };
    expect(() => createWasmKernels(misspelt)).toThrow(
      "wasm: no option 'thread'; there are variant, threads, softLimit, hardLimit",
    );
  });

  test('may change while storages live', () => {
    const set = createWasmKernels({ variant: 'simd', threads: 2 });
    const x = set.fill(200_000, 2, 'float32');
    set.configure({ threads: 1 });
    expect(set.info().threads).toBe(1);
    const y = set.binary('mul', x, x, { shape: [200_000], stridesA: [1], stridesB: [1] }, 0);
    expect(set.readSync(y).every((value) => value === 4)).toBe(true);
  });

  test('that are wrong change nothing', () => {
    const set = createWasmKernels({ threads: 2 });
    expect(() => set.configure({ threads: -1 })).toThrow();
    expect(set.info().threads).toBe(2);
  });
});

test('nine axes that cannot be merged are refused, and many that can are not', () => {
  const nine = Array.from({ length: 9 }, () => 2);
  const strides = nine.map((_, axis) => 2 ** axis);
  const x = kernels.fill(512, 1, 'float32');
  expect(() => kernels.gatherStrided(x, { shape: nine, strides, offset: 0 })).toThrow(
    'gatherStrided walks over at most 8 axes',
  );
  expect(kernels.gatherStrided(x, { shape: nine, strides: strides.toReversed(), offset: 0 }).length).toBe(512);
});

test('plans of convolutions that differ in window, stride, padding or dilation alone are told apart', () => {
  const sets: readonly Kernels[] = [referenceKernels, kernels];
  const wave = (length: number): number[] => Array.from({ length }, (_, i) => Math.sin(i + 1));
  // All of them make 2×2 cells of 6×6.
  const windows: readonly [kernel: number, ConvOptions][] = [
    [3, { stride: 3 }],
    [3, { stride: 2 }],
    [2, { stride: 3 }],
    [3, { stride: 3, padding: 1 }],
    [3, { stride: 3, padding: 1, dilation: 2 }],
  ];
  for (const [kernel, options] of windows) {
    const geometry = convGeometry('conv2d', [1, 2, 6, 6], [3, 2, kernel, kernel], 2, options);
    const [expected, actual] = sets.map((set) => {
      const [x, weight] = [wave(72), wave(6 * kernel * kernel)].map((values) => set.upload(values, 'float32'));
      return set.readSync(set.conv(x!, weight!, undefined, geometry, 'none'));
    });
    expectClose(actual!, expected!, { rtol: 0, atol: 1e-5 });
  }
});

describe('a page that may not share memory', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('runs on one thread', () => {
    vi.stubGlobal('crossOriginIsolated', false);
    const set = createWasmKernels({ threads: 2 });
    expect(set.runtime.memory.memory.buffer).toBeInstanceOf(ArrayBuffer);
    expect(set.info()).toMatchObject({ threads: 1, description: expect.stringContaining('1 thread') });
    const x = set.upload(
      Float32Array.from({ length: 100_000 }, (_, i) => i),
      'float32',
    );
    const total = set.reduce('sum', x, { shape: [100_000], reduced: [true] });
    expect(set.readSync(total)[0]).toBe(Math.fround(4_999_950_000));
  });
});
