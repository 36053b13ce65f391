/**
 * @file What holds of SoftPool's values, as fast-check properties that any implementation can be held to.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { PoolingWindow } from '../../src/testing/arbitraries/index.js';
import { arbitraries } from '../../src/testing/index.js';
import type { SoftPool } from './softPools.js';
import { windowCells } from './windowCells.js';

/** An implementation of SoftPool, and how exact its arithmetic is. */
export interface Implementation {
  readonly pool: SoftPool;
  /** Allowed error in proportion to the largest input. */
  readonly precision: number;
}

interface Sample {
  readonly window: PoolingWindow;
  readonly x: Float64Array;
  readonly beta: number;
}

type Property = (implementation: Implementation) => fc.IProperty<[Sample]>;

const windows = fc.oneof(
  arbitraries.poolingWindow1d(),
  arbitraries.poolingWindow2d({ maxExtra: 2 }),
  arbitraries.poolingWindow3d({ maxExtra: 1 }),
);

/** Inputs of up to ±10⁴, β from 0 to 4. */
export const samples: fc.Arbitrary<Sample> = windows.chain((window) =>
  fc.record({
    window: fc.constant(window),
    x: arbitraries.finiteValues(window.shape),
    beta: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 4, noNaN: true })),
  }),
);

const largest = (values: ArrayLike<number>): number => Math.max(1, ...Array.from(values, Math.abs));

const property = (check: (sample: Sample, implementation: Implementation) => void): Property => {
  return (implementation) => fc.property(samples, (sample) => check(sample, implementation));
};

export const softPoolProperties: Readonly<Record<string, Property>> = {
  'has the size of the usual pooling rule': property(({ window, x, beta }, { pool }) => {
    expect(pool(x, window, beta).shape).toEqual(windowCells(window).shape);
  }),

  'lies between the average and the maximum of its window': property(({ window, x, beta }, { pool, precision }) => {
    const { y } = pool(x, window, beta);
    const slack = precision * largest(x);
    windowCells(window).cells.forEach((cell, j) => {
      const values = cell.map((i) => x[i]!);
      const average = values.reduce((total, value) => total + value / values.length, 0);
      expect(y[j]).toBeGreaterThanOrEqual(average - slack);
      expect(y[j]).toBeLessThanOrEqual(Math.max(...values) + slack);
    });
  }),

  'gives the constant for a constant window': property(({ window, x, beta }, { pool, precision }) => {
    const constant = x[0] ?? 0;
    const { y } = pool(
      x.map(() => constant),
      window,
      beta,
    );
    for (const value of y) expect(Math.abs(value - constant)).toBeLessThanOrEqual(precision * Math.abs(constant));
  }),

  'shifts with its input: f(x + c) = f(x) + c': property(({ window, x, beta }, { pool, precision }) => {
    const shift = 100;
    const moved = x.map((value) => Math.fround(value + shift));
    const original = moved.map((value) => value - shift);
    const [y, shifted] = [pool(original, window, beta).y, pool(moved, window, beta).y];
    const slack = 8 * (1 + beta) * precision * largest(moved);
    y.forEach((value, j) => {
      expect(Math.abs(value + shift - shifted[j]!)).toBeLessThanOrEqual(slack);
    });
  }),

  'keeps channels apart': property(({ window, x, beta }, { pool }) => {
    const planes = window.shape.slice(0, -window.kernelSize.length).reduce((product, size) => product * size, 1);
    const { y } = pool(x, window, beta);
    const changed = x.map((value, i) => (i < x.length / planes ? value : 1 - value / 2));
    const other = pool(changed, window, beta).y;
    expect(other.slice(0, y.length / planes)).toEqual(y.slice(0, y.length / planes));
  }),

  'does not see the order of the cells': property(({ window, x, beta }, { pool, precision }) => {
    const rank = window.kernelSize.length;
    const whole = { ...window, ...wholePlane(window.shape.slice(-rank)) };
    const plane = window.shape.slice(-rank).reduce((product, size) => product * size, 1);
    const reversed = x.map((_, i) => x[i - (i % plane) + plane - 1 - (i % plane)]!);
    const [y, other] = [pool(x, whole, beta).y, pool(reversed, whole, beta).y];
    y.forEach((value, j) => {
      expect(Math.abs(value - other[j]!)).toBeLessThanOrEqual(precision * largest(x));
    });
  }),

  'is the same over a unit axis more': property(({ window, x, beta }, { pool }) => {
    const rank = window.kernelSize.length;
    if (rank === 3) return;
    const front = <T>(values: readonly T[], unit: T): T[] => [...values.slice(0, -rank), unit, ...values.slice(-rank)];
    const more: PoolingWindow = {
      shape: front(window.shape, 1),
      kernelSize: [1, ...window.kernelSize],
      stride: [1, ...window.stride],
      padding: [0, ...window.padding],
      dilation: [1, ...window.dilation],
      ceilMode: window.ceilMode,
    };
    expect(pool(x, more, beta).y).toEqual(pool(x, window, beta).y);
  }),

  'does not see padding': property(({ window, x, beta }, { pool, precision }) => {
    const { y } = pool(x, window, beta);
    windowCells(window).cells.forEach((cell, j) => {
      const alone = Float64Array.from(cell, (i) => x[i]!);
      const row: PoolingWindow = { shape: [1, alone.length], ...wholePlane([alone.length]), ceilMode: false };
      expect(Math.abs(pool(alone, row, beta).y[0]! - y[j]!)).toBeLessThanOrEqual(precision * largest(alone));
    });
  }),

  'walks depth as it walks rows': property(({ window, x, beta }, { pool }) => {
    if (window.kernelSize.length !== 3) return;
    // A 3D window over [D, 1, 1] is a 1D window over [D].
    const first = (values: readonly number[], unit: number): number[] => [values[0]!, unit, unit];
    const depth = window.shape.at(-3)!;
    const column: PoolingWindow = {
      shape: [1, depth, 1, 1],
      kernelSize: first(window.kernelSize, 1),
      stride: [window.stride[0]!, window.stride[0]! + 1, 1],
      padding: first(window.padding, 0),
      dilation: first(window.dilation, 1),
      ceilMode: window.ceilMode,
    };
    const axis = (values: readonly number[]): number[] => values.slice(0, 1);
    const line: PoolingWindow = {
      shape: [1, depth],
      kernelSize: axis(column.kernelSize),
      stride: axis(column.stride),
      padding: axis(column.padding),
      dilation: axis(column.dilation),
      ceilMode: window.ceilMode,
    };
    const values = x.slice(0, depth);
    expect(pool(values, column, beta).y).toEqual(pool(values, line, beta).y);
  }),
};

/** One window over everything. */
function wholePlane(spatial: readonly number[]): Omit<PoolingWindow, 'shape' | 'ceilMode'> {
  return {
    kernelSize: spatial,
    stride: spatial,
    padding: spatial.map(() => 0),
    dilation: spatial.map(() => 1),
  };
}
