import { describe, expect, test } from 'vitest';
import * as nn from '../../../src/nn/index.js';
import { lpPool1d, lpPool2d, softPool2d, sumPool1d } from '../../../src/ops/index.js';
import { expectClose } from '../../support/closeness.js';
import { float64, valuesOf } from '../../support/float64.js';
import { builtIn, functional } from '../../support/poolLayers.js';

/** Values worked out by hand, or with a pocket calculator. */
const byHand = { rtol: 2e-6, atol: 2e-6 };

/** What a strategy makes of one window of values, with its parameters as given. */
function pooled(name: string, values: readonly number[], parameters: readonly number[] = [], options = {}): number {
  const layer = nn.pool(name, { rank: 1, kernelSize: values.length, channels: 1, ...options }).eval();
  const { f, parameters: slots } = functional(layer);
  const tensors = slots.map(({ shape }, i) =>
    float64(new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(parameters[i] ?? 0), shape),
  );
  return valuesOf(f(float64([[values]]), ...tensors))[0]!;
}

describe('one window, by hand', () => {
  const largest = (4 * Math.E ** 4) / (3 + Math.E ** 4);
  // The mean is 1, so the coefficients are 0, 0, 0 and 2·4 / (1 + 16).
  const similar = (4 * Math.E ** (8 / 17)) / (3 + Math.E ** (8 / 17));

  test.each([
    ['avg', [1, 2, 3, 4], [], 2.5],
    ['max', [1, 2, 3, 4], [], 4],
    ['soft', [0, 0, 0, 4], [], largest],
    ['soft-detached', [0, 0, 0, 4], [], largest],
    ['soft-learned', [0, 0, 0, 4], [0.5], (4 * Math.E ** 2) / (3 + Math.E ** 2)],
    ['sum', [1, 2, 3, 4], [], 10],
    ['lp', [1, -2, 3, -4], [], Math.sqrt(30)],
    ['pow', [1, -2, 3, -4], [], Math.cbrt(25)], // (1 + 8 + 27 + 64) / 4 = 25
    ['gem', [1, 2, 3, 4], [2], Math.sqrt(7.5)],
    ['stochastic', [1, 2, 3, 4], [], 3], // 30 / 10
    ['stochastic', [-1, 0, -3, 4], [], 4],
    ['stochastic', [-1, -2, -3, -4], [], -1],
    ['mixed', [1, 2, 3, 4], [0], 3.25], // (4 + 2.5) / 2
    ['mixed', [1, 2, 3, 4], [Math.log(3)], 3.625], // 3/4 · 4 + 1/4 · 2.5
    ['gated', [1, 2, 3, 4], [0], 3.25],
    ['gated', [1, 2, 3, 4], [Math.log(3) / 10], 3.625],
    ['s3', [1, 2, 3, 4], [], 4],
    ['dpp', [0, 0, 0, 4], [0, 0], 1.6], // weights 2, 2, 2, 4
    ['lip', [1, 2, 3, 4], [0, 0], 2.5],
    ['edscw', [0, 0, 0, 4], [], similar],
    ['idw', [0, 0, 0, 4], [], 0.4], // weights 1, 1, 1, 1/3
    ['ada', [0, 0, 0, 4], [0], (similar + largest) / 2],
    ['blur', [1, 2, 3, 4], [], 4],
    ['conv', [1, 2, 3, 4], [0.5, 7], 12],
  ] as const)('%s of %j with parameters %j is %d', (name, values, parameters, expected) => {
    expectClose([pooled(name, values, parameters)], [expected], byHand);
  });

  test('every strategy is among them', () => {
    for (const name of builtIn) expect(Number.isFinite(pooled(name, [1, 2], [1, 1]))).toBe(true);
  });

  test.each([
    ['blur', [7 / 3, 4, 6, 23 / 3]], // m = 2, 3, …, 8; (2·2 + 3) / 3, (3 + 2·4 + 5) / 4, …, (7 + 2·8) / 3
    ['s3', [2.5, 4.5, 6.5, 8]],
  ])('%s of 1 … 8, windows of two', (name, expected) => {
    const layer = nn.pool(name, { rank: 1, kernelSize: 2 }).eval();
    expectClose(valuesOf(layer.forward(float64([[1, 2, 3, 4, 5, 6, 7, 8]]))), expected, byHand);
  });

  test('padded cells are not part of a window: sum and lp of 3, 4 between padding', () => {
    const x = float64([[[3, 4]]]);
    const window = { kernelSize: 3, stride: 1, padding: 1 };
    expect(valuesOf(sumPool1d(x, window))).toEqual([7, 7]);
    expectClose(valuesOf(lpPool1d(x, window)), [5, 5], byHand);
  });
});

describe('limits', () => {
  const x = float64([
    [
      [
        [1, -2],
        [3, -4],
      ],
    ],
  ]);
  const positive = float64([
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]);
  const one = (layer: nn.Module, input = x): number => valuesOf(layer.eval().forward(input))[0]!;
  const window = { kernelSize: 2 };

  test('lp: p = 1 is the sum of magnitudes, p → ∞ the largest', () => {
    expectClose(valuesOf(lpPool2d(x, { ...window, p: 1 })), [10], byHand);
    expectClose(valuesOf(lpPool2d(x, { ...window, p: 200 })), [4], byHand);
    expect(() => lpPool2d(x, { ...window, p: Number.POSITIVE_INFINITY })).toThrow('lpPool2d: p must be finite');
    expect(() => lpPool2d(x, { ...window, p: 0.5 })).toThrow('at least 1, got 0.5');
  });

  test('pow: p = 1 is the mean of magnitudes', () => {
    expectClose([one(new nn.PowerPool(2, { ...window, p: 1 }))], [2.5], byHand);
    expect(() => new nn.PowerPool(2, { ...window, p: 0 })).toThrow(
      'PowerPool2d: p must be finite and at least 1, got 0',
    );
  });

  test('gem: p = 1 is the mean, a large p the maximum; an exponent below 0.1 counts as 0.1', () => {
    const gem = (p: number): number => {
      const { f } = functional(new nn.GemPool(2, window));
      return valuesOf(f(positive, float64([p])))[0]!;
    };
    expectClose([gem(1), gem(1000)], [2.5, 4], { rtol: 2e-3, atol: 0 });
    expect(gem(-3)).toBe(gem(0.1));
    expect(() => new nn.GemPool(2, { ...window, p: 0 })).toThrow('GemPool2d: p must be finite and at least 0.1, got 0');
  });

  test('mixed: α = 0 is the mean, α = 1 the maximum', () => {
    expect(one(new nn.MixedPool(2, { ...window, alpha: 0 }))).toBe(-0.5);
    expect(one(new nn.MixedPool(2, { ...window, alpha: 1 }))).toBe(3);
    expect(() => new nn.MixedPool(2, { ...window, alpha: 2 })).toThrow(
      'MixedPool2d: alpha must lie between 0 and 1, got 2',
    );
  });

  test('gated: a gate far below 0 gives the mean, far above 0 the maximum', () => {
    const gated = (weight: number): number => {
      const { f, parameters } = functional(new nn.GatedPool(2, window));
      return valuesOf(f(positive, float64(new Float64Array(4).fill(weight), parameters[0]!.shape)))[0]!;
    };
    expectClose([gated(-9), gated(9)], [2.5, 4], byHand);
  });

  test('soft-learned begins as soft', () => {
    const learned = functional(nn.pool('soft-learned', { ...window, channels: 1 }));
    expectClose(valuesOf(learned.f(x, float64([1]))), valuesOf(softPool2d(x, window)), byHand);
  });

  test('ada: β = 1 is edscw, β = 0 is soft', () => {
    expect(one(new nn.AdaPool(2, { ...window, beta: 1 }))).toBeCloseTo(one(new nn.EdscwPool(2, window)), 14);
    expect(one(new nn.AdaPool(2, { ...window, beta: 0 }))).toBe(one(new nn.SoftPool(2, window)));
    expect(() => new nn.AdaPool(2, { ...window, beta: -1 })).toThrow(
      'AdaPool2d: beta must lie between 0 and 1, got -1',
    );
  });

  test('ada: a mask has one β per position of the output', () => {
    const layer = new nn.AdaPool(2, { ...window, maskSize: [1, 2] });
    const wide = float64([
      [
        [
          [0, 0, 0, 4],
          [0, 0, 0, 4],
        ],
      ],
    ]);
    const y = valuesOf(functional(layer).f(wide, float64([[-99, 99]])));
    expectClose(y, [0, valuesOf(new nn.EdscwPool(2, window).forward(wide))[1]!], byHand);
    expect(() => new nn.AdaPool(2, { ...window, maskSize: [1] })).toThrow(
      'AdaPool2d: maskSize must have 2 axes, got [1]',
    );
  });

  test('dpp: λ → 0 is the mean', () => {
    expectClose([pooled('dpp', [0, 0, 0, 4], [0, -40])], [1], byHand);
  });

  test('conv: equal weights are the mean', () => {
    expect(pooled('conv', [1, 2, 3, 4], [0.25, 0])).toBe(2.5);
  });
});
