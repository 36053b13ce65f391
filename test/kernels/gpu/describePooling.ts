/**
 * @file Poolings of values so large, so far from 0 or so different that careless float32 arithmetic overflows or cancels.
 */
import { describe, test } from 'vitest';
import type { GpuMode } from '../../../src/kernels/gpu/adapters/adapter.js';
import type { Kernels } from '../../../src/kernels/kernels.js';
import { windowGeometry } from '../../../src/kernels/windowGeometry.js';
import { kernelTolerances } from '../../tolerances.js';
import { backward, drawn, expectPoolingParity, forward } from './poolingParity.js';

const LARGEST = 3.4028234663852886e38;
const cells = 40;
/** Windows of two cells beside one another, and windows that overlap and stick out. */
const geometries = [
  windowGeometry('pool', [1, 5, 8], 2, { kernelSize: 2 }),
  windowGeometry('pool', [1, 5, 8], 2, { kernelSize: 3, stride: 2, padding: 1 }),
];
const { softPool, importancePool, avgPool } = forward;
const { softPoolGrad, importanceUnpool, importanceLogitsGrad } = backward;
const runs = { softPool, importancePool, avgPool, softPoolGrad, importanceUnpool, importanceLogitsGrad };

export function describePooling(mode: GpuMode, kernels: Kernels): void {
  const { softPool: tolerance } = kernelTolerances[`gpu ${mode}`];

  describe(`pooling on gpu ${mode}`, () => {
    test.each([
      ['the largest float32, of both signs', (i: number) => [LARGEST, -LARGEST, 0, 1][(i * 7) % 4] ?? 0],
      ['the largest float32, everywhere', () => LARGEST],
      ['values 10³⁷ apart', (i: number) => 1e37 * Math.sin(i)],
      ['ones among the smallest normal float32', (i: number) => (i % 3 === 0 ? 1 : 1.1754943508222875e-38)],
    ] as const)('of %s is finite, and what the reference set gives', async (_, value) => {
      const x = Float32Array.from({ length: cells }, (_, i) => value(i));
      const keys = x.map((v, i) => x[(i * 5) % cells] ?? v);
      for (const geometry of geometries) {
        for (const beta of [1, -2, 0, 1e-38, 3e38]) {
          const values = { x, keys, beta };
          for (const run of Object.values(runs)) await expectPoolingParity(kernels, run, geometry, values, tolerance);
        }
      }
    });

    test('keeps the digits of windows far from 0', async () => {
      const x = drawn(cells, 5).map((v) => 4096 + v / 8);
      const scaleOfOne = { rtol: 0, atol: 1e-6 / 4096 };
      for (const geometry of geometries) {
        for (const run of [softPoolGrad, importanceLogitsGrad]) {
          await expectPoolingParity(kernels, run, geometry, { x, keys: x }, scaleOfOne);
        }
      }
    });

    test('leaves out cells of logit −∞', async () => {
      const x = drawn(cells, 6);
      const keys = x.map((v, i) => (i % 2 === 0 ? Number.NEGATIVE_INFINITY : v));
      for (const geometry of geometries) {
        for (const run of [importancePool, importanceUnpool, importanceLogitsGrad]) {
          await expectPoolingParity(kernels, run, geometry, { x, keys }, tolerance);
        }
      }
    });
  });
}
