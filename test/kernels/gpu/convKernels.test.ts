import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConvGeometry, type ConvOptions, convGeometry } from '../../../src/kernels/convGeometry.js';
import { cutIntoChunks } from '../../../src/kernels/gpu/convWeightGrad.js';
import { loadGpuKernels } from '../../../src/kernels/gpu/loadGpuKernels.js';
import type { Kernels } from '../../../src/kernels/kernels.js';
import { referenceKernels } from '../../../src/kernels/reference/referenceKernels.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { kernelTolerances } from '../../tolerances.js';
import { finite } from '../parity/kernelCase.js';

const kernels = await loadGpuKernels({ mode: 'cpu' }, new Map());
const { counters } = kernels.runtime;

/** What is larger than in the parity tests: rows that are cut, several rows per chunk. */
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
    await expectParity(shape, weight, options);
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

test('all kernels, paddings and row lengths up to 5, 4 and 9 read what is there, and 0 beyond', async () => {
  const upTo = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);
  for (const kernel of upTo(1, 5)) {
    for (const padding of upTo(0, 4)) {
      for (const width of upTo(Math.max(1, kernel - 2 * padding), 9)) {
        await expectParity([1, 1, width], [1, 1, kernel], { padding });
      }
    }
  }
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

/** Compares the convolution and both gradients with the reference set's. */
async function expectParity(
  shape: readonly number[],
  weightShape: readonly number[],
  options: ConvOptions,
): Promise<void> {
  const geometry = geometryOf(shape, weightShape, options);
  const lengths = [sizeOf(shape), sizeOf(weightShape), outputCells(geometry)];
  const data = lengths.map((length, i) => finite(length, { seed: i, specials: 'none' }));
  const expected = await passes(referenceKernels, data, geometry);
  const magnitudes = data.map((values) => values.map(Math.abs));
  const scales = await passes(referenceKernels, magnitudes, geometry);
  const actual = await passes(kernels, data, geometry);
  const { rtol, atol } = kernelTolerances['gpu cpu'].conv;
  expect(actual.length).toBe(3);
  actual.forEach((values, pass) => {
    expect(values.length).toBe(expected[pass]?.length);
    const isOff = (value: number, i: number): boolean =>
      !(Math.abs(value - (expected[pass]?.[i] ?? 0)) <= rtol * Math.abs(value) + atol * (scales[pass]?.[i] ?? 0));
    expect(Array.from(values).findIndex(isOff), `pass ${pass} of ${JSON.stringify(geometry)}`).toBe(-1);
  });
}

async function passes(
  set: Kernels,
  data: readonly Float32Array[],
  geometry: ConvGeometry,
): Promise<readonly ArrayLike<number>[]> {
  const [x, weight, cotangent] = data.map((values) => set.upload(values, 'float32'));
  if (!x || !weight || !cotangent) return [];
  const results = [
    set.conv(x, weight, undefined, geometry, 'none'),
    set.convInputGrad(cotangent, weight, geometry),
    set.convWeightGrad(cotangent, x, geometry),
  ];
  const values = await Promise.all(results.map((result) => set.read(result)));
  for (const storage of [x, weight, cotangent, ...results]) set.free(storage);
  return values;
}
