import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type Plane, ssim } from '../../src/downsample/ssim.js';
import { tolerances } from './tolerances.js';

const [C1, C2] = [0.01 ** 2, 0.03 ** 2];

function planeOf(width: number, height: number, value: (x: number, y: number) => number): Plane {
  return {
    width,
    height,
    values: Float64Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
  };
}

const pairs = fc.tuple(fc.integer({ min: 11, max: 16 }), fc.integer({ min: 11, max: 16 })).chain(([width, height]) => {
  const plane = fc
    .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: width * height, maxLength: width * height })
    .map((values): Plane => ({ width, height, values: Float64Array.from(values) }));
  return fc.tuple(plane, plane);
});

/** The definition as it is written: a window at a time, deviations from its mean. */
function byDefinition(a: Plane, b: Plane): number {
  const weights = Array.from({ length: 121 }, (_, i) =>
    Math.exp(-(((i % 11) - 5) ** 2 + (Math.floor(i / 11) - 5) ** 2) / 4.5),
  );
  const total = weights.reduce((sum, w) => sum + w, 0);
  const indices: number[] = [];
  for (let top = 0; top + 11 <= a.height; top++) {
    for (let left = 0; left + 11 <= a.width; left++) {
      const cells = weights.map((w, i) => {
        const at = (top + Math.floor(i / 11)) * a.width + left + (i % 11);
        return { w: w / total, p: a.values[at]!, q: b.values[at]! };
      });
      const mean = (f: (cell: { p: number; q: number }) => number): number =>
        cells.reduce((s, cell) => s + cell.w * f(cell), 0);
      const [p, q] = [mean((cell) => cell.p), mean((cell) => cell.q)];
      const [pp, qq] = [mean((cell) => (cell.p - p) ** 2), mean((cell) => (cell.q - q) ** 2)];
      const pq = mean((cell) => (cell.p - p) * (cell.q - q));
      indices.push(((2 * p * q + C1) * (2 * pq + C2)) / ((p * p + q * q + C1) * (pp + qq + C2)));
    }
  }
  return indices.reduce((sum, index) => sum + index, 0) / indices.length;
}

describe('SSIM', () => {
  test.each([
    [0, 1],
    [0.25, 0.75],
    [0.5, 0.6],
  ])('of constants %d and %d is the luminance term alone', (p, q) => {
    const found = ssim(
      planeOf(11, 11, () => p),
      planeOf(11, 11, () => q),
    );
    expect(found).toBeCloseTo((2 * p * q + C1) / (p * p + q * q + C1), 10);
  });

  test('of one white pixel in the middle of 11 × 11 and of black: C₁C₂ / ((w² + C₁)(w − w² + C₂))', () => {
    const side = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / 4.5));
    // The middle's weight in the window, along one axis 1 / Σ exp(−d²/4.5) = 0.26601…
    const w = (1 / side.reduce((sum, value) => sum + value, 0)) ** 2;
    expect(w).toBeCloseTo(0.0707622, 6);
    const dot = planeOf(11, 11, (x, y) => (x === 5 && y === 5 ? 1 : 0));
    const expected = (C1 * C2) / ((w * w + C1) * (w - w * w + C2));
    expect(
      ssim(
        dot,
        planeOf(11, 11, () => 0),
      ),
    ).toBeCloseTo(expected, 12);
  });

  property.prop([pairs], { numRuns: 30 })('equals its definition, window by window', ([a, b]) => {
    expect(Math.abs(ssim(a, b) - byDefinition(a, b))).toBeLessThan(tolerances.float64.within * 1e2);
  });

  property.prop([pairs], { numRuns: 30 })('is symmetric, at most 1, and 1 for an image and itself', ([a, b]) => {
    expect(ssim(a, b)).toBe(ssim(b, a));
    expect(ssim(a, b)).toBeLessThanOrEqual(1 + tolerances.float64.within);
    expect(ssim(a, a)).toBeCloseTo(1, 12);
  });

  test('is negative for a negative image', () => {
    const board = planeOf(16, 16, (x, y) => (x + y) % 2);
    expect(
      ssim(
        board,
        planeOf(16, 16, (x, y) => (x + y + 1) % 2),
      ),
    ).toBeLessThan(-0.9);
  });

  test('needs images of one size, at least as large as its window', () => {
    const [small, wide] = [planeOf(10, 20, () => 0), planeOf(20, 20, () => 0)];
    expect(() => ssim(small, small)).toThrow('at least 11 × 11 pixels, got 10 × 20');
    expect(() => ssim(small, wide)).toThrow('10 × 20 with 20 × 20');
  });
});
