import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, mul, ShapeError, sub, where } from '../../src/index.js';
import {
  broadcastLayout,
  broadcastShapes,
  broadcastStrides,
  normalizeAxes,
  normalizeAxis,
  reducedShape,
  reduceLayout,
  resolveShape,
  type Shape,
  sizeOf,
  stridesOf,
} from '../../src/tensor/shape.js';
import { arbitraries } from '../../src/testing/index.js';
import { float64, valuesOf } from '../support/float64.js';

/** Value of a row-major array at the position that an output index reads by NumPy's rule. */
function readBroadcast(values: ArrayLike<number>, shape: Shape, index: readonly number[]): number {
  const own = index.slice(index.length - shape.length).map((i, axis) => (shape[axis] === 1 ? 0 : i));
  return values[own.reduce((flat, i, axis) => flat * shape[axis]! + i, 0)]!;
}

function indexOf(flat: number, shape: Shape): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(flat / stride) % shape[axis]!);
}

describe('broadcasting', () => {
  test.each([
    [[], [], []],
    [[3], [], [3]],
    [[2, 1], [3], [2, 3]],
    [
      [8, 1, 6, 1],
      [7, 1, 5],
      [8, 7, 6, 5],
    ],
    [[1], [0], [0]],
    [
      [2, 0],
      [1, 1],
      [2, 0],
    ],
    [[5, 4], [1], [5, 4]],
  ])('[%j] and [%j] give [%j], as in NumPy', (a, b, out) => {
    expect(broadcastShapes('add', a, b)).toEqual(out);
    expect(broadcastShapes('add', b, a)).toEqual(out);
  });

  test.each([
    [[3], [4], "add: shapes [3] and [4] don't broadcast: axis 0 has 3 and 4"],
    [[2, 1], [8, 4, 3], "add: shapes [2,1] and [8,4,3] don't broadcast: axis 1 has 2 and 4"],
    [[0], [2], "add: shapes [0] and [2] don't broadcast: axis 0 has 0 and 2"],
  ])('[%j] and [%j] are refused', (a, b, message) => {
    expect(() => broadcastShapes('add', a, b)).toThrow(new ShapeError(message));
  });

  test('reads every operand where NumPy does', () => {
    fc.assert(
      fc.property(arbitraries.broadcastablePairs({ minSize: 0 }), ({ a, b, out }) => {
        const [va, vb] = [a, b].map((shape, k) =>
          Float64Array.from({ length: sizeOf(shape) }, (_, i) => 10 * i + k + 1),
        );
        const [ta, tb] = [float64(va!, a), float64(vb!, b)];
        const expected = Array.from({ length: sizeOf(out) }, (_, flat) => {
          const index = indexOf(flat, out);
          return [readBroadcast(va!, a, index), readBroadcast(vb!, b, index)] as const;
        });
        expect(sub(ta, tb).shape).toEqual(out);
        expect(valuesOf(sub(ta, tb))).toEqual(expected.map(([x, y]) => x - y));
        expect(valuesOf(mul(tb, ta))).toEqual(expected.map(([x, y]) => x * y));
      }),
      { numRuns: 300 },
    );
  });

  test('goes for three operands', () => {
    const condition = float64([[1], [0]]);
    expect(valuesOf(where(condition, float64([1, 2, 3]), 9))).toEqual([1, 2, 3, 9, 9, 9]);
  });

  test('merges axes that are walked without a jump', () => {
    expect(broadcastLayout([2, 3, 4], [2, 3, 4], [2, 3, 4])).toEqual({ shape: [24], stridesA: [1], stridesB: [1] });
    expect(broadcastLayout([2, 3, 4], [1, 3, 4], [2, 3, 4])).toEqual({
      shape: [2, 12],
      stridesA: [12, 1],
      stridesB: [0, 1],
    });
    expect(broadcastLayout([2, 3], [], [2, 3])).toEqual({ shape: [6], stridesA: [1], stridesB: [0] });
  });

  test('strides are 0 where an operand is repeated', () => {
    expect(broadcastStrides([3, 1], [2, 3, 4])).toEqual([0, 1, 0]);
  });

  test('the message of an operation names it', () => {
    expect(() => add(float64([1, 2]), float64([1, 2, 3]))).toThrow("add: shapes [2] and [3] don't broadcast");
  });
});

describe('axes', () => {
  test('count from the back when negative', () => {
    expect(normalizeAxis('sum', -1, 3)).toBe(2);
    expect(normalizeAxes('sum', [-1, 0], 3)).toEqual([0, 2]);
    expect(normalizeAxes('sum', undefined, 2)).toEqual([0, 1]);
  });

  test.each([3, -4, 0.5])('%d is refused for rank 3', (axis) => {
    expect(() => normalizeAxis('sum', axis, 3)).toThrow(`sum: axis ${axis} is out of range for rank 3`);
  });

  test('repeated ones are refused', () => {
    expect(() => normalizeAxes('sum', [0, -3], 3)).toThrow('sum: axes [0,-3] repeat an axis');
  });

  test('of a reduction are merged with neighbours of their kind', () => {
    expect(reduceLayout([2, 3, 4, 5], [0, 1])).toEqual({ shape: [6, 20], reduced: [true, false] });
    expect(reduceLayout([2, 3, 4], [1])).toEqual({ shape: [2, 3, 4], reduced: [false, true, false] });
    expect(reducedShape([2, 3, 4], [1], true)).toEqual([2, 1, 4]);
    expect(reducedShape([2, 3, 4], [0, 2], false)).toEqual([3]);
  });
});

describe('a size of -1', () => {
  test('is what fits', () => {
    expect(resolveShape('reshape', [2, -1], 12)).toEqual([2, 6]);
    expect(resolveShape('reshape', [-1], 0)).toEqual([0]);
  });

  test.each([
    [[-1, -1], 4, 'reshape: only one size may be -1, got [-1,-1]'],
    [[3, 3], 8, "reshape: [3,3] doesn't hold 8 cells"],
    [[-1, 3], 8, 'reshape: sizes must be whole numbers of at least 0'],
    [[0, -1], 8, 'reshape: sizes must be whole numbers of at least 0'],
  ])('%j of %d cells is refused', (shape, size, message) => {
    expect(() => resolveShape('reshape', shape, size)).toThrow(message);
  });
});
