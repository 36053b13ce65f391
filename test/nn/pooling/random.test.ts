import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Generator, gradients, ones, scope, tensor } from '../../../src/index.js';
import * as nn from '../../../src/nn/index.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { wellSeparated } from '../../../src/testing/index.js';
import { expectClose } from '../../support/closeness.js';
import { float64, valuesOf } from '../../support/float64.js';
import { layerFor, windowsOf } from '../../support/poolLayers.js';
import { denseWindows, indices, windowCells } from '../../support/windowCells.js';

const picture = tensor(wellSeparated(2 * 3 * 36, new Generator(1)), { shape: [2, 3, 6, 6] });

describe.each(['stochastic', 's3'])('%s', (name) => {
  const layer = (seed: number): nn.PoolLayer => nn.pool(name, { kernelSize: 2, generator: new Generator(seed) });

  test('draws the same from the same seed, something else from another, and at every call', () => {
    const [first, again, other] = [layer(1), layer(1), layer(2)];
    const values = valuesOf(first.forward(picture));
    expect(valuesOf(again.forward(picture))).toEqual(values);
    expect(valuesOf(other.forward(picture))).not.toEqual(values);
    expect(valuesOf(first.forward(picture))).not.toEqual(values);
  });

  test('draws nothing in evaluation', () => {
    const generator = new Generator(1);
    const before = generator.state;
    const evaluated = nn.pool(name, { kernelSize: 2, generator }).eval();
    expect(valuesOf(evaluated.forward(picture))).toEqual(valuesOf(evaluated.forward(picture)));
    expect(generator.state).toEqual(before);
  });

  test('has its evaluation as the mean of its training', () => {
    const drawing = layer(3);
    const draws = 4000;
    const x = float64(wellSeparated(16, new Generator(5), { low: 0.1, high: 1 }), [1, 4, 4]);
    const total = new Float64Array(4);
    for (let i = 0; i < draws; i++) {
      scope(() => {
        valuesOf(drawing.forward(x)).forEach((value, j) => {
          total[j]! += value;
        });
      });
    }
    const expected = valuesOf(layer(3).eval().forward(x));
    // Values lie within 0.9 of each other, so 6 standard deviations of a mean of 4000 are 0.043 at most.
    expectClose(
      total.map((value) => value / draws),
      expected,
      { rtol: 0, atol: 0.043 },
    );
  });
});

describe('stochastic, in training', () => {
  test('takes a cell of the window, a positive one where there is one; it has the whole gradient', () => {
    fc.assert(
      fc.property(windowsOf('stochastic'), fc.nat({ max: 9999 }), (window, seed) => {
        const values = wellSeparated(sizeOf(window.shape), new Generator(seed));
        const x = float64(values, window.shape);
        x.requiresGrad = true;
        const y = layerFor('stochastic', window, seed).forward(x);
        const [gradient] = gradients(y, [x], { gradient: ones(y.shape, { dtype: 'float64', backend: 'reference' }) });
        const received = new Float64Array(values.length);
        valuesOf(y).forEach((value, j) => {
          const cell = windowCells(window).cells[j]!;
          const taken = cell.find((i) => values[i] === value);
          expect(taken).toBeDefined();
          const largest = Math.max(...cell.map((i) => values[i]!));
          if (largest > 0) expect(value).toBeGreaterThan(0);
          else expect(value).toBe(largest);
          received[taken!]! += 1;
        });
        expect(valuesOf(gradient)).toEqual([...received]);
      }),
      { numRuns: 40 },
    );
  });

  test('draws each cell in proportion to its activation', () => {
    const draws = 20_000;
    const x = tensor(
      Float32Array.from({ length: draws * 4 }, (_, i) => i % 4),
      { shape: [draws, 1, 4] },
    );
    const counts = [0, 0, 0, 0];
    const drawn = nn.pool('stochastic', { rank: 1, kernelSize: 4, generator: new Generator(6) }).forward(x);
    for (const value of valuesOf(drawn)) counts[value]! += 1;
    // 6 standard deviations of a share of 20,000 are 0.022 at most.
    expectClose(
      counts.map((count) => count / draws),
      [0, 1 / 6, 2 / 6, 3 / 6],
      { rtol: 0, atol: 0.022 },
    );
  });
});

describe('stochastic, in evaluation', () => {
  const window = { kernelSize: 2, stride: 1, padding: 1 };

  /** The outputs and the gradient of their sum, of float32 values times `scale`. */
  function evaluated(values: readonly number[], scale: number, backend: 'reference' | 'wasm', options = window) {
    const scaled = Float32Array.from(values, (value) => value * scale);
    const x = tensor(scaled, { shape: [1, 1, values.length], backend, requiresGrad: true });
    const y = nn
      .pool('stochastic', { rank: 1, ...options })
      .eval()
      .forward(x);
    const [gradient] = gradients(y, [x], { gradient: ones(y.shape, { backend }) });
    return { y: valuesOf(y).map((value) => value / scale), gradient: valuesOf(gradient) };
  }

  test.each([1e38, 1e19, 1, 1e-18, 1e-25, 1e-37])('is the expectation for values of %d', (scale) => {
    const whole = { kernelSize: 4, stride: 4, padding: 0 };
    for (const backend of ['reference', 'wasm'] as const) {
      const { y, gradient } = evaluated([1, -1, 2, 1], scale, backend, whole);
      // (1 + 4 + 1) / 4, and (2xₖ − y) / 4
      expectClose(y, [1.5], { rtol: 1e-6, atol: 0 });
      expectClose(gradient, [0.125, 0, 0.625, 0.125], { rtol: 1e-6, atol: 0 });
    }
  });

  test.each([2 ** 120, 2 ** 50, 2 ** 49, 2 ** -50, 2 ** -51, 2 ** -52, 2 ** -110])(
    'scales with its values to the bit: %d',
    (scale) => {
      const values = Array.from(wellSeparated(40, new Generator(9), { low: -2, high: 3 }), Math.fround);
      for (const backend of ['reference', 'wasm'] as const) {
        expect(evaluated(values, scale, backend)).toEqual(evaluated(values, 1, backend));
      }
    },
  );

  test('takes neighbouring windows of every size as they are', () => {
    const { y } = evaluated([1e-30, 3e-30, 1e30, 3e30, 1, -1e30, -2], 1, 'wasm', { ...window, padding: 0 });
    expectClose(y, [2.5e-30, 1e30, 2.5e30, 3e30, 1, -2], { rtol: 1e-6, atol: 0 });
  });
});

describe('s3, in training', () => {
  test('takes one row and one column out of every s, the same for all planes', () => {
    fc.assert(
      fc.property(windowsOf('s3'), fc.nat({ max: 9999 }), (window, seed) => {
        const x = wellSeparated(sizeOf(window.shape), new Generator(seed));
        const rank = window.kernelSize.length;
        const dense = denseWindows(window);
        const maxima = dense.cells.map((cell) => Math.max(...cell.map((i) => x[i]!)));
        const y = layerFor('s3', window, seed).forward(float64(x, window.shape));
        const [positions, output] = [dense.shape.slice(-rank), y.shape.slice(-rank)];
        const [perPlane, perOutput] = [sizeOf(positions), sizeOf(output)];
        const flat = (place: readonly number[]): number => place.reduce((sum, p, a) => sum * positions[a]! + p, 0);
        const values = valuesOf(y);
        // All ways to take one position out of each strip of the axes; one of them explains every plane.
        const strips = output.map((count, a) =>
          Array.from({ length: count }, (_, o) =>
            Array.from({ length: window.stride[a]! }, (_, k) => o * window.stride[a]! + k).filter(
              (p) => p < positions[a]!,
            ),
          ),
        );
        const explains = (chosen: readonly (readonly number[])[]): boolean =>
          values.every((value, i) => {
            const [plane, place] = [Math.floor(i / perOutput), indices(output)[i % perOutput]!];
            return value === maxima[plane * perPlane + flat(place.map((o, a) => chosen[a]![o]!))];
          });
        expect(choices(strips.flat()).some((all) => explains(regrouped(all, output)))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('without a stride is max pooling', () => {
    const layer = nn.pool('s3', { kernelSize: 2, stride: 1 });
    expect(valuesOf(layer.forward(picture))).toEqual(
      valuesOf(new nn.MaxPool2d({ kernelSize: 2, stride: 1 }).forward(picture)),
    );
  });
});

/** Every way to take one item out of each list. */
function choices(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>((all, list) => all.flatMap((chosen) => list.map((item) => [...chosen, item])), [[]]);
}

/** A flat list, cut into one part per axis. */
function regrouped(flat: readonly number[], sizes: readonly number[]): number[][] {
  return sizes.map((size, axis) => {
    const from = sizes.slice(0, axis).reduce((total, before) => total + before, 0);
    return flat.slice(from, from + size);
  });
}
