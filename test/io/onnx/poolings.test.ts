import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import * as ops from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { Generator } from '../../../src/tensor/generator.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { arbitraries } from '../../../src/testing/index.js';
import { Computation, expectSameInOnnx } from '../../support/onnxRuntime.js';

const { poolingWindow1d, poolingWindow2d, poolingWindow3d, finiteValues } = arbitraries;

const ranks = [
  {
    rank: '1d',
    windows: poolingWindow1d,
    soft: ops.softPool1d,
    max: ops.maxPool1d,
    avg: ops.avgPool1d,
    importance: ops.importancePool1d,
  },
  {
    rank: '2d',
    windows: poolingWindow2d,
    soft: ops.softPool2d,
    max: ops.maxPool2d,
    avg: ops.avgPool2d,
    importance: ops.importancePool2d,
  },
  {
    rank: '3d',
    windows: poolingWindow3d,
    soft: ops.softPool3d,
    max: ops.maxPool3d,
    avg: ops.avgPool3d,
    importance: ops.importancePool3d,
  },
] as const;

/** The batch is dynamic where there is one. */
async function check(shape: readonly number[], rank: string, values: Float64Array, pool: (x: Tensor) => Tensor) {
  const dynamicBatch = shape.length === Number(rank[0]) + 2;
  const { data } = await expectSameInOnnx(new Computation(pool), { shape, data: values }, { dynamicBatch });
  expect(data.some(Number.isNaN)).toBe(false);
}

const runs = { numRuns: process.env.SOFTGRAD_SLOW_TESTS ? 200 : 12 };

describe.each(ranks)(
  'onnxruntime equals softgrad for any window of',
  ({ rank, windows, soft, max, avg, importance }) => {
    const cases = (maxDilation = 2) =>
      windows({ maxDilation }).chain((window) =>
        fc.record({ window: fc.constant(window), values: finiteValues(window.shape) }),
      );
    const beta = fc.oneof(fc.constantFrom(1, 0, -1, 100), fc.double({ min: -3, max: 3, noNaN: true }));

    test.prop([cases(), beta], runs)(`softPool${rank}, inputs up to ±10⁴`, ({ window, values }, b) =>
      check(window.shape, rank, values, (x) => soft(x, { ...window, beta: b })),
    );
    test.prop([cases()], runs)(`importancePool${rank}`, ({ window, values }) =>
      check(window.shape, rank, values, (x) => importance(x, ops.mul(x, -0.5), window)),
    );
    test.prop([cases()], runs)(`maxPool${rank}`, ({ window, values }) =>
      check(window.shape, rank, values, (x) => max(x, window)),
    );
    test.prop([cases(1), fc.boolean()], runs)(`avgPool${rank}`, ({ window, values }, countIncludePad) => {
      const { dilation: _, ...options } = window;
      return check(window.shape, rank, values, (x) => avg(x, { ...options, countIncludePad }));
    });
  },
);

describe('onnxruntime equals softgrad, over any window, for the strategy', () => {
  const axes = fc.constantFrom(1, 2, 3).chain((rank) => {
    const windows = rank === 1 ? poolingWindow1d : rank === 2 ? poolingWindow2d : poolingWindow3d;
    return fc.record({ rank: fc.constant(rank as nn.Rank), window: windows({ unbatched: false }), seed: fc.nat() });
  });

  for (const name of nn.poolNames()) {
    test.prop([axes], { numRuns: process.env.SOFTGRAD_SLOW_TESTS ? 100 : 4 })(name, async ({ rank, window, seed }) => {
      const { shape, ...options } = name === 'avg' ? { ...window, dilation: 1 } : window;
      const generator = new Generator(seed);
      const layer = nn.pool(name, { rank, ...options, channels: shape[1], generator });
      for (const parameter of layer.parameters()) {
        parameter.assign(ops.add(parameter, ops.mul(ops.randn(parameter.shape, { generator }), 0.3)));
      }
      const data = await ops.mul(ops.randn(shape, { generator }), 3).data();
      await expectSameInOnnx(layer, { shape, data });
    });
  }
});
