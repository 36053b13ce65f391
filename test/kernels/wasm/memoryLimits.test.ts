import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { createWasmKernels } from '../../../src/kernels/wasm/wasmKernels.js';

const MEBIBYTE = 2 ** 20;
const CELLS = MEBIBYTE / 4;

describe('the hard limit', () => {
  const kernels = createWasmKernels({ hardLimit: 10 * MEBIBYTE, threads: 1 });
  const fill = (cells = CELLS) => kernels.fill(cells, 1, 'float32');

  test('is an error that names live bytes and holders, after which all goes on', () => {
    const held = Array.from({ length: 9 }, () => fill());
    const exponential = kernels.unary('exp', fill(100), 0);
    expect(() => kernels.unary('relu', held[0]!, 0)).toThrow(
      /^wasm: relu needs 1\.0 MiB, 9\.0 MiB are live, and the hard limit is 10\.0 MiB\. Largest holders: 9 × 1\.0 MiB made by fill; .*scope/,
    );
    expect(Array.from(kernels.readSync(exponential)).every((value) => value === Math.fround(Math.E))).toBe(true);
    kernels.free(held.pop()!);
    const [value] = kernels.readSync(kernels.unary('neg', held[0]!, 0));
    expect(value).toBe(-1);
  });

  test('leaves nothing behind of a call that fails half way', () => {
    const set = createWasmKernels({ hardLimit: MEBIBYTE, threads: 1 });
    const matrix = set.fill(300 * 300, 1, 'float32');
    const geometry = { batch: 1, m: 300, n: 300, k: 300, transposeA: false, transposeB: false };
    const product = () =>
      set.matmul(matrix, matrix, undefined, { ...geometry, batchStrideA: 0, batchStrideB: 0 }, 'none');
    expect(product).toThrow(/matmul workspace needs/);
    const live = set.runtime.allocator.liveBytes;
    expect(product).toThrow(/matmul workspace needs/);
    expect(set.runtime.allocator.liveBytes).toBe(live);
  });
});

test('what the engine cannot give is an error, too', () => {
  const kernels = createWasmKernels({ threads: 1 });
  expect(() => kernels.fill(2 ** 30, 0, 'float32')).toThrow(/needs 4\.0 GiB.*can't grow/);
  expect(kernels.readSync(kernels.fill(3, 1, 'float32'))).toEqual(Float32Array.of(1, 1, 1));
});

describe('the soft limit', () => {
  let warn: MockInstance<typeof console.warn>;
  beforeEach(() => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  });
  afterEach(() => warn.mockRestore());

  test('warns once where no scope is open, and says how to fix it', () => {
    const kernels = createWasmKernels({ softLimit: 3 * MEBIBYTE, insideScope: () => false, threads: 1 });
    for (let i = 0; i < 3; i++) kernels.fill(CELLS, 0, 'float32');
    expect(warn).not.toHaveBeenCalled();
    for (let i = 0; i < 3; i++) kernels.fill(CELLS, 0, 'float32');
    expect(warn.mock.calls).toEqual([[expect.stringContaining('scope(() => …)')]]);
  });

  test('is silent inside a scope', () => {
    const kernels = createWasmKernels({ softLimit: MEBIBYTE, insideScope: () => true, threads: 1 });
    for (let i = 0; i < 3; i++) kernels.fill(CELLS, 0, 'float32');
    expect(warn).not.toHaveBeenCalled();
  });
});

test.each([{ softLimit: 0 }, { hardLimit: Number.NaN }])('%j is refused', (options) => {
  expect(() => createWasmKernels(options)).toThrow('must be a positive number of bytes');
});
