import fc from 'fast-check';
import type { Tensor, WindowOptions } from '../../../src/index.js';
import * as ops from '../../../src/index.js';
import { windowGeometry, windowSize } from '../../../src/kernels/windowGeometry.js';
import { arbitraries } from '../../../src/testing/index.js';
import { type GradientCase, gradientCase } from '../../support/gradientCases.js';

type Pool = (x: Tensor, options: WindowOptions) => Tensor;

const small = { maxExtra: 2 };
const windows = [
  arbitraries.poolingWindow1d(small),
  arbitraries.poolingWindow2d(small),
  arbitraries.poolingWindow3d({ maxExtra: 1, maxKernel: 2 }),
] as const;
const undilated = [
  arbitraries.poolingWindow1d({ ...small, maxDilation: 1 }),
  arbitraries.poolingWindow2d({ ...small, maxDilation: 1 }),
  arbitraries.poolingWindow3d({ maxExtra: 1, maxKernel: 2, maxDilation: 1 }),
] as const;

/** Pools that take a window and nothing more. */
function plainPool(rank: 1 | 2 | 3, pool: Pool): GradientCase {
  return gradientCase(windows[rank - 1]!, ({ shape, ...window }) => ({
    f: (x) => pool(x, window),
    inputs: [{ shape }],
  }));
}

/** Whole exponents are products, others powers. */
function lpPool(rank: 1 | 2 | 3, pool: (x: Tensor, options: ops.LpPoolOptions) => Tensor): GradientCase {
  return gradientCase(fc.tuple(windows[rank - 1]!, fc.constantFrom(1, 2, 3, 5, 2.5)), ([{ shape, ...window }, p]) => ({
    f: (x) => pool(x, { ...window, p }),
    inputs: [{ shape }],
  }));
}

function avgPool(rank: 1 | 2 | 3, pool: (x: Tensor, options: ops.AvgPoolOptions) => Tensor): GradientCase {
  const geometry = fc.tuple(undilated[rank - 1]!, fc.boolean());
  return gradientCase(geometry, ([{ shape, dilation: _, ...window }, countIncludePad]) => ({
    f: (x) => pool(x, { ...window, countIncludePad }),
    inputs: [{ shape }],
  }));
}

/** β as a number, as one learned value, and as one learned value per channel; negative ones too. */
function softPool(rank: 1 | 2 | 3, pool: (x: Tensor, options: ops.SoftPoolOptions) => Tensor): GradientCase {
  const beta = fc.record({
    kind: fc.constantFrom('number', 'number', 'one tensor', 'per channel'),
    value: fc.double({ min: -2, max: 4, noNaN: true }),
  });
  return gradientCase(fc.tuple(windows[rank - 1]!, beta), ([{ shape, ...window }, { kind, value }]) => {
    if (kind === 'number') return { f: (x) => pool(x, { ...window, beta: value }), inputs: [{ shape }] };
    const channels = kind === 'one tensor' ? 1 : (shape[shape.length - rank - 1] ?? 1);
    return { f: (x, beta) => pool(x, { ...window, beta: beta! }), inputs: [{ shape }, { shape: [channels] }] };
  });
}

function importancePool(
  rank: 1 | 2 | 3,
  pool: (x: Tensor, logits: Tensor, options: WindowOptions) => Tensor,
): GradientCase {
  return gradientCase(windows[rank - 1]!, ({ shape, ...window }) => ({
    f: (x, logits) => pool(x, logits, window),
    inputs: [{ shape }, { shape }],
  }));
}

/** Output sizes that divide the input and that don't. */
function adaptivePool(pool: (x: Tensor, outputSize: readonly number[]) => Tensor): GradientCase {
  const axis = fc
    .integer({ min: 1, max: 5 })
    .chain((size) => fc.record({ size: fc.constant(size), output: fc.integer({ min: 1, max: Math.min(size, 3) }) }));
  const geometry = fc.record({
    leading: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    axes: fc.oneof(
      fc.array(axis, { minLength: 1, maxLength: 2 }),
      fc.array(axis, { minLength: 3, maxLength: 3 }).filter((axes) => axes.every(({ size }) => size < 4)),
    ),
  });
  return gradientCase(geometry, ({ leading, axes }) => ({
    f: (x) =>
      pool(
        x,
        axes.map(({ output }) => output),
      ),
    inputs: [{ shape: [...leading, ...axes.map(({ size }) => size)] }],
  }));
}

const unfoldable = fc.oneof(
  ...[
    arbitraries.poolingWindow1d({ ...small, unbatched: false }),
    arbitraries.poolingWindow2d({ ...small, unbatched: false }),
    arbitraries.poolingWindow3d({ maxExtra: 1, maxKernel: 2, unbatched: false }),
  ],
);

export const poolingCases: Readonly<Record<string, GradientCase>> = {
  adaptiveAvgPool: adaptivePool(ops.adaptiveAvgPool),
  adaptiveMaxPool: adaptivePool(ops.adaptiveMaxPool),
  adaptiveSoftPool: adaptivePool(ops.adaptiveSoftPool),
  avgPool1d: avgPool(1, ops.avgPool1d),
  avgPool2d: avgPool(2, ops.avgPool2d),
  avgPool3d: avgPool(3, ops.avgPool3d),
  fold: gradientCase(unfoldable, ({ shape, ...window }) => {
    const rank = (shape.length - 2) as 1 | 2 | 3;
    const geometry = windowGeometry('fold', shape, rank, window);
    const windows = [...shape.slice(0, 2), ...geometry.output.slice(3 - rank), windowSize(geometry)];
    return { f: (x) => ops.fold(x, shape, window), inputs: [{ shape: windows }] };
  }),
  importancePool1d: importancePool(1, ops.importancePool1d),
  importancePool2d: importancePool(2, ops.importancePool2d),
  importancePool3d: importancePool(3, ops.importancePool3d),
  maxPool1d: plainPool(1, ops.maxPool1d),
  maxPool2d: plainPool(2, ops.maxPool2d),
  maxPool3d: plainPool(3, ops.maxPool3d),
  lpPool1d: lpPool(1, ops.lpPool1d),
  lpPool2d: lpPool(2, ops.lpPool2d),
  lpPool3d: lpPool(3, ops.lpPool3d),
  softPool1d: softPool(1, ops.softPool1d),
  softPool2d: softPool(2, ops.softPool2d),
  softPool3d: softPool(3, ops.softPool3d),
  sumPool1d: plainPool(1, ops.sumPool1d),
  sumPool2d: plainPool(2, ops.sumPool2d),
  sumPool3d: plainPool(3, ops.sumPool3d),
  unfold: gradientCase(fc.tuple(unfoldable, fc.integer({ min: -2, max: 2 })), ([{ shape, ...window }, padValue]) => ({
    f: (x) => ops.unfold(x, { ...window, padValue }),
    inputs: [{ shape }],
  })),
};
