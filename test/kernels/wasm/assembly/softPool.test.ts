import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forEachWindow } from '../../../../src/kernels/reference/windows.js';
import type { WindowGeometry } from '../../../../src/kernels/windowGeometry.js';
import { geometry, inputLength, outputLength, pool } from './poolCase.js';
import { firstMismatch, KernelRig, variants } from './support.js';
import { finiteRange, numbers, range, sameBits, seed } from './values.js';

const beta = fc.constantFrom(1, 1, 0.3, 5, -1, -0.01, 0, 1e-3, 1e-38, 1e30);

/** A window's softmax by plain float64 loops, deviations measured from the cell with the largest logit. */
interface Softmax {
  readonly output: number;
  readonly cells: readonly number[];
  readonly weights: readonly number[];
  /** Σ w (x − origin), and the origin. */
  readonly mean: number;
  readonly origin: number;
}

function forEachSoftmax(
  x: ArrayLike<number>,
  logit: (cell: number) => number,
  g: WindowGeometry,
  visit: (window: Softmax) => void,
): void {
  forEachWindow(g, (output, all) => {
    const cells = [...all].filter((cell) => cell >= 0);
    const top = cells.reduce((best, cell) => (logit(cell) > logit(best) ? cell : best));
    const most = Math.max(...cells.map(logit));
    const exponentials = cells.map((cell) => Math.exp(logit(cell) - most));
    const total = exponentials.reduce((a, b) => a + b, 0);
    const weights = exponentials.map((e) => e / total);
    const origin = x[top]!;
    const mean = cells.reduce((sum, cell, i) => sum + weights[i]! * (x[cell]! - origin), 0);
    visit({ output, cells, weights, mean, origin });
  });
}

interface Expected {
  readonly values: Float64Array;
  /** What rounding errors are measured by. */
  readonly scale: Float64Array;
}

function pooled(x: Float32Array, logit: (cell: number) => number, g: WindowGeometry): Expected {
  const [values, scale] = [new Float64Array(outputLength(g)), new Float64Array(outputLength(g))];
  forEachSoftmax(x, logit, g, ({ output, cells, mean, origin }) => {
    values[output] = origin + mean;
    scale[output] = Math.max(...cells.map((cell) => Math.abs(x[cell]!)));
  });
  return { values, scale };
}

/** Σ over windows of g w (constant + slope (x − y)). Weights below float32's smallest are 0 in a kernel. */
function gradient(
  upstream: Float32Array,
  x: Float32Array,
  logit: (cell: number) => number,
  [constant, slope]: readonly [number, number],
  g: WindowGeometry,
): Expected {
  const [values, scale] = [new Float64Array(inputLength(g)), new Float64Array(inputLength(g))];
  forEachSoftmax(x, logit, g, ({ output, cells, weights, mean, origin }) => {
    cells.forEach((cell, i) => {
      const deviation = slope === 0 ? 0 : slope * (x[cell]! - origin - mean);
      values[cell]! += upstream[output]! * weights[i]! * (constant + deviation);
      const size = weights[i]! < 1e-30 ? 0 : weights[i]! * (Math.abs(constant) + Math.abs(deviation));
      scale[cell]! += Math.abs(upstream[output]!) * (size + 1e-6 * Math.max(1, Math.abs(slope)));
    });
  });
  return { values, scale };
}

/** Infinite values times weights that one precision still tells from 0: infinite or NaN is all that is defined. */
function withoutInfinities(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (v) => (Number.isFinite(v) ? v : Number.NaN));
}

function mismatch(actual: Float32Array, { values, scale }: Expected, tolerance: number): string | undefined {
  return firstMismatch(withoutInfinities(actual), withoutInfinities(values), scale, tolerance);
}

describe.each(variants)('soft pooling ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  test('softPool equals float64 loops for any window, temperature and input, NaN and infinity included', () => {
    fc.assert(
      fc.property(geometry, beta, range, seed, (g, b, kind, s) => {
        const x = numbers(s, inputLength(g), kind);
        const y = pool(rig, 'softPool', { inputs: [x], scalars: [b] }, outputLength(g), g);
        const expected = pooled(x, (cell) => Math.fround(b) * x[cell]!, g);
        expect(firstMismatch(y, expected.values, expected.scale, 4e-7)).toBeUndefined();
      }),
      { numRuns: 600 },
    );
  });

  test('softPool of finite inputs is finite and lies between the extremes of its window', () => {
    fc.assert(
      fc.property(geometry, beta, finiteRange, seed, (g, b, kind, s) => {
        const x = numbers(s, inputLength(g), kind);
        const y = pool(rig, 'softPool', { inputs: [x], scalars: [b] }, outputLength(g), g);
        forEachWindow(g, (output, cells) => {
          const inside = [...cells].filter((cell) => cell >= 0).map((cell) => x[cell]!);
          expect(y[output]).toBeGreaterThanOrEqual(Math.min(...inside));
          expect(y[output]).toBeLessThanOrEqual(Math.max(...inside));
        });
      }),
      { numRuns: 200 },
    );
  });

  test('softPool gives a constant back exactly', () => {
    fc.assert(
      fc.property(geometry, beta, fc.float({ noNaN: true, noDefaultInfinity: true }), (g, b, value) => {
        const x = new Float32Array(inputLength(g)).fill(value);
        const y = pool(rig, 'softPool', { inputs: [x], scalars: [b] }, outputLength(g), g);
        expect(y.every((v) => v === value)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('softPoolGrad equals float64 loops for any window, temperature and input', () => {
    fc.assert(
      fc.property(geometry, beta, range, seed, (g, b, kind, s) => {
        const x = numbers(s, inputLength(g), kind);
        const upstream = numbers(s + 1, outputLength(g), 'unit');
        const rounded = Math.fround(b);
        const actual = pool(rig, 'softPoolGrad', { inputs: [upstream, x], scalars: [b] }, x.length, g);
        const expected = gradient(upstream, x, (cell) => rounded * x[cell]!, [1, rounded], g);
        expect(mismatch(actual, expected, 2e-5)).toBeUndefined();
      }),
      { numRuns: 600 },
    );
  });

  test('importancePool equals float64 loops, and stays finite and between the extremes', () => {
    fc.assert(
      fc.property(geometry, range, range, seed, (g, kind, logitKind, s) => {
        const x = numbers(s, inputLength(g), kind);
        const logits = numbers(s + 1, x.length, logitKind);
        const y = pool(rig, 'importancePool', { inputs: [x, logits] }, outputLength(g), g);
        expect(
          mismatch(
            y,
            pooled(x, (cell) => logits[cell]!, g),
            6e-7,
          ),
        ).toBeUndefined();
        if (kind === 'wild' || logitKind === 'wild') return;
        forEachWindow(g, (output, cells) => {
          const inside = [...cells].filter((cell) => cell >= 0).map((cell) => x[cell]!);
          expect(y[output]).toBeGreaterThanOrEqual(Math.min(...inside));
          expect(y[output]).toBeLessThanOrEqual(Math.max(...inside));
        });
      }),
      { numRuns: 400 },
    );
  });

  test('importanceUnpool and importanceLogitsGrad equal float64 loops', () => {
    fc.assert(
      fc.property(geometry, range, range, seed, (g, kind, logitKind, s) => {
        // Gradients as large as x itself: keep clear of the largest float32.
        const x = numbers(s, inputLength(g), kind).map((v) => v / 8);
        const logits = numbers(s + 1, x.length, logitKind);
        const upstream = numbers(s + 2, outputLength(g), 'ties');
        const logit = (cell: number): number => logits[cell]!;
        const unpooled = pool(rig, 'importanceUnpool', { inputs: [upstream, logits] }, x.length, g);
        expect(mismatch(unpooled, gradient(upstream, x, logit, [1, 0], g), 2e-5)).toBeUndefined();

        const slopes = pool(rig, 'importanceLogitsGrad', { inputs: [upstream, x, logits] }, x.length, g);
        const expected = gradient(upstream, x, logit, [0, 1], g);
        const most = x.reduce((a, v) => (Number.isFinite(v) ? Math.max(a, Math.abs(v)) : a), 1);
        const scale = expected.scale.map((v) => v + 0.1 * most);
        expect(mismatch(slopes, { ...expected, scale }, 2e-5)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test('all give the same bits in 1, 2 and 3 ranges', () => {
    fc.assert(
      fc.property(geometry, beta, range, seed, (g, b, kind, s) => {
        const x = numbers(s, inputLength(g), kind);
        const logits = numbers(s + 1, x.length, 'unit');
        const upstream = numbers(s + 2, outputLength(g), 'unit');
        const all = (ranges: number): Float32Array[] => [
          pool(rig, 'softPool', { inputs: [x], scalars: [b] }, upstream.length, g, ranges),
          pool(rig, 'softPoolGrad', { inputs: [upstream, x], scalars: [b] }, x.length, g, ranges),
          pool(rig, 'importancePool', { inputs: [x, logits] }, upstream.length, g, ranges),
          pool(rig, 'importanceUnpool', { inputs: [upstream, logits] }, x.length, g, ranges),
          pool(rig, 'importanceLogitsGrad', { inputs: [upstream, x, logits] }, x.length, g, ranges),
        ];
        const whole = all(1);
        expect(sameBits(all(2), whole)).toBe(true);
        expect(sameBits(all(3), whole)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
