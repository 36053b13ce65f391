import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConvGeometry, type ConvOptions, convGeometry } from '../../../src/kernels/convGeometry.js';
import { cutIntoChunks } from '../../../src/kernels/gpu/convWeightGrad.js';
import { loadGpuKernels } from '../../../src/kernels/gpu/loadGpuKernels.js';
import { referenceKernels } from '../../../src/kernels/reference/referenceKernels.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { kernelTolerances } from '../../tolerances.js';
import { finite } from '../parity/kernelCase.js';

const kernels = await loadGpuKernels({ mode: 'cpu' }, new Map());
const { counters } = kernels.runtime;

/** What is too large for the parity tests: rows that are cut, chunks of several thousand terms. */
describe('the weight gradient sums in chunks', () => {
  test.each([
    {
      name: 'kernel rows: 999 outputs in four segments, k=3',
      shape: [3, 2, 999],
      weight: [4, 1, 3],
      options: { padding: 1, groups: 2 },
    },
    { name: 'kernel rows: 1001 outputs in four segments, k=5', shape: [2, 1, 1005], weight: [3, 1, 5], options: {} },
    { name: 'blocks: 999 outputs in four segments, k=1', shape: [3, 3, 999], weight: [5, 3, 1], options: {} },
    {
      name: 'blocks: 499 outputs in two segments, k=3, s=2, d=3',
      shape: [2, 3, 1000],
      weight: [2, 3, 3],
      options: { stride: 2, dilation: 3, padding: 2 },
    },
    {
      name: 'blocks: four rows per chunk, the last chunk shorter',
      shape: [7, 16, 15, 16],
      weight: [16, 16, 3, 3],
      options: { padding: 1 },
    },
  ])('$name', async ({ shape, weight, options }) => {
    const geometry = geometryOf(shape, weight, options);
    const data = [
      finite(outputCells(geometry), { seed: 3, specials: 'none' }),
      finite(sizeOf(shape), { seed: 4, specials: 'none' }),
    ];
    const [expected, scale] = [
      weightGrad(data, geometry),
      weightGrad(
        data.map((values) => values.map(Math.abs)),
        geometry,
      ),
    ];
    const [cotangent, x] = data.map((values) => kernels.upload(values, 'float32'));
    if (!cotangent || !x) return;
    const grad = kernels.convWeightGrad(cotangent, x, geometry);
    const actual = await kernels.read(grad);
    const { rtol, atol } = kernelTolerances['gpu cpu'].convWeightGrad;
    expect(actual.length).toBe(expected.length);
    actual.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] ?? 0))).toBeLessThanOrEqual(rtol * Math.abs(value) + atol * (scale[i] ?? 0));
    });
    for (const storage of [cotangent, x, grad]) kernels.free(storage);
  });

  test('of all segments, of few terms each, and no more than fit in memory', () => {
    const axis = fc.integer({ min: 1, max: 300 });
    const layers = fc.record({
      batch: axis,
      depth: fc.integer({ min: 1, max: 9 }),
      height: axis,
      width: fc.integer({ min: 1, max: 20_000 }),
    });
    fc.assert(
      fc.property(layers, fc.integer({ min: 1, max: 600_000 }), ({ batch, depth, height, width }, threads) => {
        const geometry = { ...geometryOf([1, 1, 3], [1, 1, 1], {}), batch, output: [depth, height, width] } as const;
        const { segmentLength, segmentsPerRow, segmentsPerChunk, chunks } = cutIntoChunks(geometry, threads);
        const segments = batch * depth * height * segmentsPerRow;
        expect(segmentLength * segmentsPerRow).toBeGreaterThanOrEqual(width);
        expect(chunks * segmentsPerChunk).toBeGreaterThanOrEqual(segments);
        expect((chunks - 1) * segmentsPerChunk).toBeLessThan(segments);
        if (chunks > 1) expect((chunks - 1) * threads * 4).toBeLessThanOrEqual(2 ** 23);
        if (segments * threads * 4 <= 2 ** 23) expect(segmentsPerChunk * segmentLength).toBeLessThanOrEqual(2048);
      }),
    );
  });
});

test('a convolution trains in four dispatches', () => {
  const geometry = geometryOf([2, 3, 8, 8], [4, 3, 3, 3], { padding: 1 });
  const [x, weight, bias] = [2 * 3 * 64, 4 * 27, 4].map((length) => kernels.fill(length, 1, 'float32'));
  if (!x || !weight || !bias) return;
  const [before, buffers] = [counters.dispatches, counters.liveBuffers];
  const y = kernels.conv(x, weight, bias, geometry, 'relu');
  const grads = [kernels.convInputGrad(y, weight, geometry), kernels.convWeightGrad(y, x, geometry)];
  expect(counters.dispatches - before).toBe(4);
  expect(counters.liveBuffers - buffers).toBe(3);
  for (const storage of [x, weight, bias, y, ...grads]) kernels.free(storage);
});

describe('sums of nothing', () => {
  const free = counters.liveBuffers;

  test('are the bias: a product of [3, 0] and [0, 2]', async () => {
    const geometry = {
      batch: 1,
      m: 3,
      n: 2,
      k: 0,
      transposeA: false,
      transposeB: false,
      batchStrideA: 0,
      batchStrideB: 0,
    };
    const [a, b, bias] = [[], [], [5, -7]].map((values) => kernels.upload(values, 'float32'));
    if (!a || !b || !bias) return;
    const y = kernels.matmul(a, b, bias, geometry, 'relu');
    expect(Array.from(await kernels.read(y))).toEqual([5, 0, 5, 0, 5, 0]);
    for (const storage of [a, b, bias, y]) kernels.free(storage);
    expect(counters.liveBuffers).toBe(free);
  });

  test('are 0: gradients of a convolution over a batch of 0', async () => {
    const geometry = { ...geometryOf([1, 2, 5], [3, 2, 3], {}), batch: 0 };
    const [cotangent, x] = [kernels.upload([], 'float32'), kernels.upload([], 'float32')];
    const weight = kernels.upload(new Float32Array(18).fill(1), 'float32');
    const grads = [kernels.convInputGrad(cotangent, weight, geometry), kernels.convWeightGrad(cotangent, x, geometry)];
    const values = await Promise.all(grads.map((grad) => kernels.read(grad)));
    expect(values).toEqual([new Float32Array(0), new Float32Array(18)]);
    for (const storage of [cotangent, x, weight, ...grads]) kernels.free(storage);
    expect(counters.liveBuffers).toBe(free);
  });
});

function geometryOf(shape: readonly number[], weight: readonly number[], options: ConvOptions): ConvGeometry {
  return convGeometry('conv', shape, weight, shape.length === 3 ? 1 : 2, options);
}

function outputCells({ batch, outChannels, output }: ConvGeometry): number {
  return batch * outChannels * sizeOf(output);
}

function weightGrad(data: readonly Float32Array[], geometry: ConvGeometry): ArrayLike<number> {
  const [cotangent, x] = data.map((values) => referenceKernels.upload(values, 'float32'));
  if (!cotangent || !x) return [];
  return referenceKernels.readSync(referenceKernels.convWeightGrad(cotangent, x, geometry));
}
