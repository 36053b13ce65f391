import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  adaptiveAvgPool,
  adaptiveMaxPool,
  adaptiveSoftPool,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  fold,
  importancePool2d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  mul,
  sum,
  unfold,
} from '../../src/index.js';
import type { PoolingWindow } from '../../src/testing/arbitraries/index.js';
import { arbitraries } from '../../src/testing/index.js';
import { expectClose } from '../support/closeness.js';
import { float64, valuesOf, variable64 } from '../support/float64.js';
import { definition } from '../support/softPools.js';
import { windowCells } from '../support/windowCells.js';

/** Equal, but for the sign of zeros. */
const identical = { rtol: 0, atol: 0 };

const withValues = (windows: fc.Arbitrary<PoolingWindow>): fc.Arbitrary<[PoolingWindow, Float64Array]> =>
  windows.chain((window) => fc.tuple(fc.constant(window), arbitraries.finiteValues(window.shape)));

const everyRank = (options?: Parameters<typeof arbitraries.poolingWindow1d>[0]): fc.Arbitrary<PoolingWindow> =>
  fc.oneof(
    arbitraries.poolingWindow1d(options),
    arbitraries.poolingWindow2d({ maxExtra: 2, ...options }),
    arbitraries.poolingWindow3d({ maxExtra: 1, ...options }),
  );

describe('maxPool', () => {
  const pools = [maxPool1d, maxPool2d, maxPool3d];

  test('is the maximum of each window, and padding is in none', () => {
    fc.assert(
      fc.property(withValues(everyRank()), ([window, values]) => {
        const { shape, ...options } = window;
        const y = pools[options.kernelSize.length - 1]!(float64(values, shape), options);
        const { shape: expected, cells } = windowCells(window);
        expect(y.shape).toEqual(expected);
        expectClose(
          valuesOf(y),
          cells.map((cell) => Math.max(...cell.map((i) => values[i]!))),
          identical,
        );
      }),
    );
  });

  test('gives the whole gradient to the first of equal maxima', () => {
    fc.assert(
      fc.property(
        everyRank().chain((window) =>
          fc.tuple(fc.constant(window), arbitraries.finiteValues(window.shape, { min: 0, max: 1 })),
        ),
        ([window, values]) => {
          const { shape, ...options } = window;
          const ties = values.map(Math.round);
          const x = variable64(ties, shape);
          sum(pools[options.kernelSize.length - 1]!(x, options)).backward();
          const expected = new Float64Array(values.length);
          for (const cell of windowCells(window).cells) {
            const top = Math.max(...cell.map((i) => ties[i]!));
            const first = cell.find((i) => ties[i] === top)!;
            expected[first] = expected[first]! + 1;
          }
          expect(valuesOf(x.grad)).toEqual([...expected]);
        },
      ),
    );
  });

  test('takes NaN for the maximum, and −∞ for a value', () => {
    expect(valuesOf(maxPool1d(float64([[1, Number.NaN, 3, 4]]), { kernelSize: 2 }))).toEqual([Number.NaN, 4]);
    const low = Number.NEGATIVE_INFINITY;
    const x = variable64([[low, low]]);
    const y = maxPool1d(x, { kernelSize: 2 });
    expect(valuesOf(y)).toEqual([low]);
    sum(y).backward();
    expect(valuesOf(x.grad)).toEqual([1, 0]);
  });
});

describe('avgPool', () => {
  test('is the mean of each window, without its padding if asked to', () => {
    fc.assert(
      fc.property(withValues(everyRank({ maxDilation: 1 })), ([window, values]) => {
        const { shape, dilation: _, ...options } = window;
        const pool = [avgPool1d, avgPool2d, avgPool3d][options.kernelSize.length - 1]!;
        const y = valuesOf(pool(float64(values, shape), { ...options, countIncludePad: false }));
        const expected = windowCells(window).cells.map(
          (cell) => cell.reduce((total, i) => total + values[i]!, 0) / cell.length,
        );
        expectClose(y, expected, { rtol: 1e-12, atol: 1e-10 });
      }),
    );
  });

  test('counts padded cells by default, but none beyond the padding in ceil mode', () => {
    const x = float64([[6, 6, 6]]);
    expect(valuesOf(avgPool1d(x, { kernelSize: 2, padding: 1 }))).toEqual([3, 6]);
    // The last window holds x[2] and a padded cell; in ceil mode a third of two cells begins at the padding and is dropped.
    expect(valuesOf(avgPool1d(x, { kernelSize: 3, stride: 3, padding: 1, ceilMode: true }))).toEqual([4, 3]);
    expect(valuesOf(avgPool1d(x, { kernelSize: 2, stride: 2, ceilMode: true }))).toEqual([6, 6]);
    // Rounded up, there would be a second window, in the padding alone.
    const two = float64([[6, 6]]);
    expect(valuesOf(avgPool1d(two, { kernelSize: 2, stride: 3, padding: 1, ceilMode: true }))).toEqual([3]);
  });
});

describe('importancePool', () => {
  test('needs logits of the shape of x', () => {
    expect(() => importancePool2d(float64([[[1]]]), float64([[[1, 2]]]), { kernelSize: 1 })).toThrow(
      "importancePool2d: logits must have the input's shape [1,1,1], got [1,1,2]",
    );
  });

  test('of equal logits is the average, of one overwhelming logit that cell', () => {
    const x = float64([
      [
        [1, 2],
        [3, 8],
      ],
    ]);
    expect(valuesOf(importancePool2d(x, mul(x, 0), { kernelSize: 2 }))).toEqual([3.5]);
    expect(
      valuesOf(
        importancePool2d(
          x,
          float64([
            [
              [0, 1e4],
              [0, 0],
            ],
          ]),
          { kernelSize: 2 },
        ),
      ),
    ).toEqual([2]);
  });
});

describe('adaptive pooling', () => {
  /** PyTorch's rule, written out for one plane. */
  const blocks = (size: number, output: number): [number, number][] =>
    Array.from({ length: output }, (_, i) => [Math.floor((i * size) / output), Math.ceil(((i + 1) * size) / output)]);

  const geometry = fc
    .record({ height: fc.integer({ min: 1, max: 7 }), width: fc.integer({ min: 1, max: 7 }) })
    .chain(({ height, width }) =>
      fc.record({
        height: fc.constant(height),
        width: fc.constant(width),
        output: fc.tuple(fc.integer({ min: 1, max: height }), fc.integer({ min: 1, max: width })),
        values: arbitraries.finiteValues([height, width], { min: -4, max: 4 }),
      }),
    );

  test('pools the cells that its rule names', () => {
    fc.assert(
      fc.property(geometry, ({ height, width, output, values }) => {
        const x = float64(values, [1, 1, height, width]);
        const cells = blocks(height, output[0]).flatMap(([top, bottom]) =>
          blocks(width, output[1]).map(([left, right]) =>
            Array.from(values).filter((_, i) => {
              const [row, column] = [Math.floor(i / width), i % width];
              return row >= top && row < bottom && column >= left && column < right;
            }),
          ),
        );
        const whole = (count: number): PoolingWindow => ({
          shape: [1, count],
          kernelSize: [count],
          stride: [1],
          padding: [0],
          dilation: [1],
          ceilMode: false,
        });
        expect(adaptiveMaxPool(x, output).shape).toEqual([1, 1, ...output]);
        const maxima = cells.map((cell) => Math.max(...cell));
        expectClose(valuesOf(adaptiveMaxPool(x, output)), maxima, identical);
        const averages = cells.map((cell) => cell.reduce((a, b) => a + b, 0) / cell.length);
        expectClose(valuesOf(adaptiveAvgPool(x, output)), averages, { rtol: 1e-12, atol: 1e-12 });
        const soft = cells.map((cell) => definition(Float64Array.from(cell), whole(cell.length), 2).y[0]!);
        expectClose(valuesOf(adaptiveSoftPool(x, output, { beta: 2 })), soft, { rtol: 1e-12, atol: 1e-12 });
      }),
    );
  });

  test('refuses outputs larger than the input, and shapes without spatial axes', () => {
    expect(() => adaptiveAvgPool(float64([[[1, 2]]]), 3)).toThrow(
      'adaptiveAvgPool: outputSize [3] exceeds the input [2]',
    );
    expect(() => adaptiveMaxPool(float64([[1]]), 1)).toThrow('adaptiveMaxPool: input must be [N, C, ...spatial]');
  });
});

describe('unfold', () => {
  test('lays out the cells of every window', () => {
    fc.assert(
      fc.property(withValues(everyRank({ unbatched: false })), ([window, values]) => {
        const { shape, ...options } = window;
        const size = options.kernelSize.reduce((a, b) => a * b, 1);
        const y = unfold(float64(values, shape), { ...options, padValue: 0.5 });
        const { shape: output, cells } = windowCells(window);
        expect(y.shape).toEqual([...output, size]);
        const sorted = (list: number[]): number[] => list.sort((a, b) => a - b);
        const rows = valuesOf(y);
        cells.forEach((cell, j) => {
          const padding = new Array<number>(size - cell.length).fill(0.5);
          const expected = [...cell.map((i) => values[i]!), ...padding];
          expect(sorted(rows.slice(j * size, (j + 1) * size))).toEqual(sorted(expected));
        });
      }),
    );
  });

  test('and fold are adjoint: ⟨unfold x, w⟩ = ⟨x, fold w⟩', () => {
    fc.assert(
      fc.property(withValues(everyRank({ unbatched: false })), ([window, values]) => {
        const { shape, ...options } = window;
        const x = float64(values, shape);
        const windows = unfold(x, options);
        const w = float64(
          Float64Array.from({ length: windows.size }, (_, i) => Math.sin(i)),
          windows.shape,
        );
        const [left] = valuesOf(sum(mul(windows, w)));
        const [right] = valuesOf(sum(mul(x, fold(w, shape, options))));
        const scale = valuesOf(windows).reduce((total, value) => total + Math.abs(value), 1);
        expect(Math.abs(left! - right!)).toBeLessThan(1e-13 * scale);
      }),
    );
  });

  test('refuses windows of another shape', () => {
    expect(() => fold(float64([[[[1, 2]]]]), [1, 1, 4], { kernelSize: 2 })).toThrow(
      'fold: shape [1,1,4] has windows [1,1,2,2], got [1,1,1,2]',
    );
  });
});
