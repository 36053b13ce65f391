import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadGpuKernels } from '../../../src/kernels/gpu/loadGpuKernels.js';
import { reductionPasses } from '../../../src/kernels/gpu/reductionKernels.js';
import { sizeOf } from '../../../src/tensor/shape.js';

describe('the passes of a reduction', () => {
  test('reduce every cell once, at most 1024 to one', () => {
    const axes = fc.array(
      fc.record({ size: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2e6 })) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(axes, fc.boolean(), (drawn, isFirst) => {
        const shape = drawn.map(({ size }) => size);
        const reduced = shape.map((_, axis) => isFirst === (axis % 2 === 0));
        const { passes, length } = reductionPasses({ shape, reduced });
        expect(length).toBe(sizeOf(shape.filter((_, axis) => !reduced[axis])));
        let cells = sizeOf(shape);
        for (const { outer, size, inner, chunks, cellsPerChunk } of passes) {
          expect(outer * size * inner).toBe(cells);
          expect(cellsPerChunk).toBeLessThanOrEqual(1024);
          expect(chunks * cellsPerChunk).toBeGreaterThanOrEqual(size);
          expect((chunks - 1) * cellsPerChunk).toBeLessThan(size);
          cells = outer * chunks * inner;
        }
        expect(cells).toBe(length);
      }),
    );
  });
});

test('a million numbers are summed in two dispatches, to seven digits', async () => {
  const kernels = await loadGpuKernels({ mode: 'cpu' }, new Map());
  const { counters } = kernels.runtime;
  const values = Float32Array.from({ length: 1_000_003 }, (_, i) => 1 + Math.sin(i) / 2);
  const x = kernels.upload(values, 'float32');
  const dispatches = counters.dispatches;
  const total = kernels.reduce('sum', x, { shape: [values.length], reduced: [true] });
  expect(counters.dispatches - dispatches).toBe(2);
  const expected = values.reduce((sum, value) => sum + value, 0);
  const [actual = Number.NaN] = await kernels.read(total);
  expect(Math.abs(actual / expected - 1)).toBeLessThan(3e-7);
  for (const storage of [x, total]) kernels.free(storage);
  expect(counters.liveBuffers).toBe(0);
});
