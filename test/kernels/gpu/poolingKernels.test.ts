import { afterAll, describe, expect, test } from 'vitest';
import { loadGpuKernels } from '../../../src/kernels/gpu/loadGpuKernels.js';
import { windowGeometry } from '../../../src/kernels/windowGeometry.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { kernelTolerances } from '../../tolerances.js';
import { backward, drawn, expectPoolingParity, forward, gradients, valuesOf } from './poolingParity.js';

const kernels = await loadGpuKernels({ mode: 'cpu' }, new Map());
const { counters } = kernels.runtime;
const { softPool: tolerance } = kernelTolerances['gpu cpu'];

afterAll(() => expect(counters).toMatchObject({ liveBuffers: 0, liveBytes: 0 }));

/** Rows of 8 and 12 are computed four cells at a time, windows of two cells apart from others. */
test.each(Object.keys(backward) as (keyof typeof backward)[])(
  '%s adds up every window that holds a cell, and no other: all kernels, strides, paddings and dilations',
  async (name) => {
    for (const width of [8, 11, 12]) {
      for (const kernel of [1, 2, 3]) {
        for (const stride of [1, 2, 4]) {
          for (const padding of kernel > 1 ? [0, 1] : [0]) {
            for (const dilation of kernel > 1 && padding === 0 ? [1, 2] : [1]) {
              const options = { kernelSize: kernel, stride, padding, dilation };
              const geometry = windowGeometry('pool', [2, width], 1, options);
              await expectPoolingParity(kernels, backward[name], geometry, { x: drawn(2 * width, width) }, tolerance);
            }
          }
        }
      }
    }
  },
);

describe('windows of two cells beside one another', () => {
  test.each([
    { name: 'two rows deep', shape: [3, 6, 8], options: { kernelSize: 2 } },
    { name: 'the last row in none', shape: [3, 5, 8], options: { kernelSize: 2 } },
    { name: 'the last row in half of one', shape: [3, 5, 4], options: { kernelSize: 2, ceilMode: true } },
    { name: 'one row deep', shape: [2, 5, 12], options: { kernelSize: [1, 2] } },
    { name: 'gaps between the rows', shape: [2, 7, 8], options: { kernelSize: [2, 2], stride: [3, 2] } },
    { name: 'rows in the padding', shape: [2, 7, 8], options: { kernelSize: [3, 2], padding: [1, 0] } },
    { name: 'rows that overlap', shape: [2, 7, 8], options: { kernelSize: [3, 2], stride: [2, 2] } },
    { name: 'rows apart', shape: [2, 7, 8], options: { kernelSize: [2, 2], stride: [4, 2], dilation: [2, 1] } },
  ])('$name', async ({ shape, options }) => {
    const geometry = windowGeometry('pool', shape, 2, options);
    const values = { x: drawn(sizeOf(shape), 1), keys: drawn(sizeOf(shape), 2) };
    for (const run of Object.values(gradients)) await expectPoolingParity(kernels, run, geometry, values, tolerance);
  });
});

test.each([
  ['softPool', 1, 1],
  ['maxPool', 1, 1],
  ['avgPool', 1, 1],
  ['softPoolGrad', 2, 1],
  ['maxUnpool', 2, 2],
  ['avgUnpool', 1, 1],
] as const)('%s takes %i dispatches, or %i for windows of two cells', async (name, dispatches, inPairs) => {
  for (const kernelSize of [3, 2]) {
    const geometry = windowGeometry('pool', [2, 8, 8], 2, { kernelSize, stride: 2, padding: kernelSize === 3 ? 1 : 0 });
    const before = counters.dispatches;
    await valuesOf(kernels, { ...forward, ...backward }[name], geometry, { x: drawn(128, 3) });
    expect(counters.dispatches - before).toBe(kernelSize === 3 ? dispatches : inPairs);
  }
});
