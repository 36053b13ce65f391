import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  avgPool1d,
  type DType,
  gradients,
  importancePool1d,
  importancePool2d,
  importancePool3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  mul,
  type SoftPoolOptions,
  softmax,
  softPool1d,
  softPool2d,
  softPool3d,
  sum,
  type Tensor,
  tensor,
  unfold,
} from '../../src/index.js';
import type { PoolingWindow } from '../../src/testing/arbitraries/index.js';
import { arbitraries } from '../../src/testing/index.js';
import { expectClose } from '../support/closeness.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';
import { type Implementation, samples, softPoolProperties } from '../support/softPoolProperties.js';
import { definition, definitionGradient, mutants, type SoftPool } from '../support/softPools.js';
import { windowCells } from '../support/windowCells.js';

const byRank = <T>(pools: readonly [T, T, T], window: { readonly kernelSize: readonly number[] }): T =>
  pools[window.kernelSize.length - 1]!;

function softPool(
  x: Tensor,
  { shape: _, ...window }: PoolingWindow,
  options: Omit<SoftPoolOptions, 'kernelSize'>,
): Tensor {
  return byRank([softPool1d, softPool2d, softPool3d], window)(x, { ...window, ...options });
}

function library(dtype: DType): SoftPool {
  return (values, window, beta) => {
    const x = tensor(values, { shape: window.shape, dtype, backend: 'reference' });
    const y = softPool(x, window, { beta });
    return { y: valuesOf(y), shape: y.shape };
  };
}

const implementations: Readonly<Record<string, Implementation>> = {
  float64: { pool: library('float64'), precision: 1e-12 },
  float32: { pool: library('float32'), precision: 1e-6 },
};

describe.each(Object.entries(implementations))('softPool in %s', (_, implementation) => {
  test.each(Object.entries(softPoolProperties))('%s', (_, property) => {
    fc.assert(property(implementation), { numRuns: 200 });
  });

  test('equals its definition', () => {
    fc.assert(
      fc.property(samples, ({ window, x, beta }) => {
        const { y, shape } = implementation.pool(x, window, beta);
        const expected = definition(x, window, beta);
        const scale = Math.max(1, ...x.map(Math.abs));
        expect(shape).toEqual(expected.shape);
        expectClose(y, expected.y, { rtol: 0, atol: implementation.precision * scale });
      }),
      { numRuns: 200 },
    );
  });
});

describe('the properties catch an implementation that', () => {
  const failures = (pool: SoftPool): string[] =>
    Object.entries(softPoolProperties)
      .filter(([, property]) => fc.check(property({ pool, precision: 1e-6 }), { numRuns: 500 }).failed)
      .map(([name]) => name);

  test('(the definition itself has them all)', () => {
    expect(failures(definition)).toEqual([]);
  });

  test.each(Object.entries(mutants))('%s', (_, mutant) => {
    expect(failures(mutant)).not.toEqual([]);
  });
});

describe("softPool's gradient", () => {
  const gradientSamples = samples.chain((sample) =>
    fc.record({
      ...{ sample: fc.constant(sample) },
      g: arbitraries.finiteValues(windowCells(sample.window).shape, { min: -4, max: 4 }),
    }),
  );

  test.each(['exact', 'detached'] as const)('equals its formula: %s', (gradient) => {
    fc.assert(
      fc.property(gradientSamples, ({ sample: { window, x, beta }, g }) => {
        const input = variable64(x, window.shape);
        const y = softPool(input, window, { beta, gradient });
        const [gx] = gradients(y, [input], { gradient: float64(g, y.shape) });
        const scale = Math.max(1, ...x.map(Math.abs)) * (1 + beta);
        expectClose(valuesOf(gx), definitionGradient(x, window, beta, g, gradient), {
          rtol: 1e-10,
          atol: 1e-11 * scale,
        });
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['exact', 'float64', 1e-11],
    ['detached', 'float64', 1e-12],
    ['exact', 'float32', 1e-5],
    ['detached', 'float32', 1e-6],
  ] as const)('sums to 1 over a window: %s in %s', (gradient, dtype, precision) => {
    fc.assert(
      fc.property(samples, fc.nat(), ({ window, x, beta }, pick) => {
        const input = tensor(x, { shape: window.shape, dtype, backend: 'reference', requiresGrad: true });
        const y = softPool(input, window, { beta, gradient });
        const one = Float64Array.from({ length: y.size }, (_, j) => (j === pick % y.size ? 1 : 0));
        const cotangent = tensor(one, { shape: y.shape, dtype, backend: 'reference' });
        const gx = valuesOf(gradients(y, [input], { gradient: cotangent })[0]);
        const size = gx.reduce((total, value) => total + Math.abs(value), 1);
        expect(Math.abs(gx.reduce((total, value) => total + value, 0) - 1)).toBeLessThan(precision * size);
      }),
      { numRuns: 200 },
    );
  });

  test('is negative where a cell lies far below its window', () => {
    const x = variable64([0, 3], [1, 2]);
    const [gx] = gradients(sum(softPool1d(x, { kernelSize: 2 })), [x]);
    expect(valuesOf(gx)[0]).toBeLessThan(0);
  });

  test('with respect to β is the variance of the window', () => {
    const x = float64([1, 2, 4], [1, 3]);
    const beta = variable64([0.5]);
    const y = softPool1d(x, { kernelSize: 3, beta });
    const w = softmax(mul(x, 0.5));
    const mean = valuesOf(sum(mul(w, x)))[0]!;
    const expected = valuesOf(w).reduce((total, weight, i) => total + weight * ([1, 2, 4][i]! - mean) ** 2, 0);
    expect(valuesOf(gradients(sum(y), [beta])[0])[0]).toBeCloseTo(expected, 12);
  });
});

describe('softPool is one case of importance pooling', () => {
  const importancePool = (window: PoolingWindow): typeof importancePool1d =>
    byRank([importancePool1d, importancePool2d, importancePool3d], window);

  test('with ℓ = βx, value and gradient', () => {
    fc.assert(
      fc.property(samples, ({ window: { shape, ...window }, x, beta }) => {
        const [a, b] = [variable64(x, shape), variable64(x, shape)];
        const soft = softPool(a, { shape, ...window }, { beta });
        const importance = importancePool({ shape, ...window })(b, mul(b, beta), window);
        expectClose(valuesOf(soft), valuesOf(importance), { rtol: 1e-12, atol: 1e-9 });
        const [ga, gb] = [gradients(sum(soft), [a])[0], gradients(sum(importance), [b])[0]];
        expectClose(valuesOf(ga), valuesOf(gb), { rtol: 1e-10, atol: 1e-7 });
      }),
    );
  });

  test('and both are a softmax over unfolded windows', () => {
    fc.assert(
      fc.property(
        samples.filter(({ window: { shape, kernelSize } }) => shape.length === kernelSize.length + 2),
        ({ window: { shape, ...window }, x, beta }) => {
          const input = float64(x, shape);
          const logits = unfold(mul(input, beta), { ...window, padValue: Number.NEGATIVE_INFINITY });
          const y = sum(mul(softmax(logits), unfold(input, window)), -1);
          expectClose(valuesOf(softPool(input, { shape, ...window }, { beta })), valuesOf(y), {
            rtol: 1e-11,
            atol: 1e-9,
          });
        },
      ),
    );
  });

  test('with β → 0 it is average pooling', () => {
    fc.assert(
      fc.property(arbitraries.poolingWindow1d({ maxDilation: 1 }), fc.constantFrom(0, 1e-12), (window, beta) => {
        const { shape, dilation: _, ...options } = window;
        const x = float64(
          Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
          shape,
        );
        const average = avgPool1d(x, { ...options, countIncludePad: false });
        expectClose(valuesOf(softPool(x, window, { beta })), valuesOf(average), { rtol: 0, atol: 1e-10 });
      }),
    );
  });

  test('with β → ∞ it is max pooling', () => {
    const cases = fc
      .oneof(arbitraries.poolingWindow1d(), arbitraries.poolingWindow2d(), arbitraries.poolingWindow3d({ maxExtra: 1 }))
      .chain((window) => fc.tuple(fc.constant(window), arbitraries.wellSeparatedValues(window.shape)));
    fc.assert(
      fc.property(cases, ([window, values]) => {
        const { shape, ...options } = window;
        const x = float64(values, shape);
        const max = byRank([maxPool1d, maxPool2d, maxPool3d], window)(x, options);
        expectClose(valuesOf(softPool(x, window, { beta: 1e5 })), valuesOf(max), { rtol: 0, atol: 1e-12 });
      }),
    );
  });
});

describe('softPool at the edges of float32', () => {
  test.each([
    [3.4e38, -3.4e38],
    [1e4, -1e4],
    [88, 89],
    [-3.4e38, -3.3e38],
    [1e-45, 0],
  ])('is finite for %d and %d, and so is its gradient', (a, b) => {
    for (const beta of [0, 1, 4, -1]) {
      const x = tensor([[a, b, a, b]], { backend: 'reference', requiresGrad: true });
      const y = softPool1d(x, { kernelSize: 4, beta });
      expect(valuesOf(y).every(Number.isFinite)).toBe(true);
      expect(valuesOf(gradients(sum(y), [x])[0]).every(Number.isFinite)).toBe(true);
    }
  });

  test('NaN makes its own windows NaN, and no others', () => {
    const y = valuesOf(softPool1d(float64([[1, Number.NaN, 3, 4]]), { kernelSize: 2 }));
    expect(y[0]).toBeNaN();
    expect(y[1]).toBeGreaterThan(3);
  });
});

describe('softPool objects to', () => {
  const x = float64([
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  test.each([
    [() => softPool2d(x, { kernelSize: 3 }), 'softPool2d: kernelSize [3,3] exceeds padded input [2,2] on axis 1'],
    [
      () => softPool2d(x, { kernelSize: 2, padding: 2 }),
      'softPool2d: padding [2,2] exceeds half of kernelSize [2,2] on axis 1',
    ],
    [() => softPool2d(float64([1]), { kernelSize: 1 }), 'softPool2d: input must be [N, C, H, W] or [C, H, W], got [1]'],
    [() => softPool2d(x, { kernelSize: [1, 2, 3] }), 'softPool2d: kernelSize takes one number or 2, got [1,2,3]'],
    [
      () => softPool2d(x, { kernelSize: 1, stride: 0 }),
      'softPool2d: stride must be whole numbers of at least 1, got [0,0]',
    ],
    [() => softPool2d(x, { kernelSize: 1, beta: Number.POSITIVE_INFINITY }), 'use max pooling for β → ∞'],
    [
      () => softPool2d(x, { kernelSize: 1, beta: float64([1, 2, 3]) }),
      'softPool2d: beta must hold 1 value or one per channel (1), got [3]',
    ],
  ])('%s', (call, message) => {
    expect(call).toThrow(message);
  });
});
