import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  argMax,
  broadcastTo,
  concat,
  flatten,
  flip,
  max,
  mean,
  min,
  pad,
  permute,
  reshape,
  select,
  slice,
  squeeze,
  stack,
  sum,
  transpose,
  unsqueeze,
  variance,
} from '../../src/index.js';
import { float64, valuesOf } from '../support/float64.js';

const matrix = float64([
  [1, 2, 3],
  [4, 5, 6],
]);

describe('movements', () => {
  test.each([
    ['transpose', transpose(matrix), [3, 2], [1, 4, 2, 5, 3, 6]],
    ['permute', permute(float64([[[1, 2]], [[3, 4]]]), [2, 0, 1]), [2, 2, 1], [1, 3, 2, 4]],
    ['reshape', reshape(matrix, [3, -1]), [3, 2], [1, 2, 3, 4, 5, 6]],
    [
      'flatten',
      flatten(
        float64([
          [
            [1, 2],
            [3, 4],
          ],
        ]),
      ),
      [1, 4],
      [1, 2, 3, 4],
    ],
    ['flatten of a scalar', flatten(float64(1)), [1], [1]],
    ['flatten of some axes', flatten(float64([[[1], [2]]]), 0, 1), [2, 1], [1, 2]],
    ['squeeze', squeeze(float64([[[1], [2]]])), [2], [1, 2]],
    ['squeeze of one axis', squeeze(float64([[[1], [2]]]), -1), [1, 2], [1, 2]],
    ['unsqueeze', unsqueeze(matrix, -1), [2, 3, 1], [1, 2, 3, 4, 5, 6]],
    ['broadcastTo', broadcastTo(float64([[1], [2]]), [2, 2]), [2, 2], [1, 1, 2, 2]],
    ['concat', concat([matrix, float64([[7, 8, 9]])]), [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['concat along the last axis', concat([matrix, float64([[7], [8]])], -1), [2, 4], [1, 2, 3, 7, 4, 5, 6, 8]],
    ['stack', stack([float64([1, 2]), float64([3, 4])], 1), [2, 2], [1, 3, 2, 4]],
    ['stack along the last axis', stack([float64([1, 2]), float64([3, 4])], -1), [2, 2], [1, 3, 2, 4]],
    ['select', select(matrix, 1, -1), [2], [3, 6]],
    ['flip', flip(matrix, [0, 1]), [2, 3], [6, 5, 4, 3, 2, 1]],
    ['pad', pad(matrix, [[1, 0]]), [2, 4], [0, 1, 2, 3, 0, 4, 5, 6]],
    [
      'pad of both axes',
      pad(float64([[1]]), [
        [1, 0],
        [0, 1],
      ]),
      [2, 2],
      [0, 0, 1, 0],
    ],
    ['slice', slice(matrix, [1, 0], [2, 2]), [1, 2], [4, 5]],
    ['slice with negative bounds', slice(matrix, [0, -2]), [2, 2], [2, 3, 5, 6]],
    ['slice with steps', slice(matrix, [0, 0], [], [1, 2]), [2, 2], [1, 3, 4, 6]],
    ['slice of nothing', slice(matrix, [2]), [0, 3], []],
  ])('%s', (_, result, shape, values) => {
    expect(result.shape).toEqual(shape);
    expect(valuesOf(result)).toEqual(values);
  });

  test('slice reads what JavaScript reads with its bounds and a step', () => {
    const bound = fc.integer({ min: -8, max: 8 });
    fc.assert(
      fc.property(fc.nat({ max: 6 }), bound, bound, fc.integer({ min: 1, max: 3 }), (size, start, end, step) => {
        const values = Array.from({ length: size }, (_, i) => i);
        const expected = values.slice(start, end).filter((_, i) => i % step === 0);
        expect(valuesOf(slice(float64(values), [start], [end], [step]))).toEqual(expected);
      }),
    );
  });

  test.each([
    [() => permute(matrix, [0, 0]), 'permute: axes [0,0] must name each of the 2 axes of [2,3] once'],
    [() => reshape(matrix, [4]), "reshape: [4] doesn't hold 6 cells"],
    [() => squeeze(matrix, 0), 'squeeze: axis 0 of [2,3] has size 2, needs 1'],
    [() => flatten(matrix, 1, 0), 'flatten: startAxis 1 lies behind endAxis 0 for rank 2'],
    [() => broadcastTo(matrix, [3]), "broadcastTo: shape [2,3] doesn't broadcast to [3]"],
    [() => concat([]), 'concat: needs at least one tensor'],
    [() => concat([matrix, float64([[1, 2]])]), 'concat: shapes [2,3] and [1,2] differ beyond axis 0'],
    [() => slice(matrix, [0], [], [0]), 'slice: steps must be whole numbers of at least 1, got [0]'],
    [() => slice(matrix, [0, 0, 0]), 'slice: bounds for 3 axes, but [2,3] has 2'],
    [() => flip(matrix, [0, -2]), 'flip: axes [0,-2] repeat an axis'],
    [() => select(matrix, 0, 2), 'select: axis 2 is out of range'],
    [() => pad(matrix, [[-1, 0]]), 'pad: widths must be whole numbers of at least 0, got [[-1,0]]'],
  ])('refuse what does not fit: %s', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('reductions', () => {
  test.each([
    ['sum', sum(matrix), [], [21]],
    ['sum over axis 0', sum(matrix, 0), [3], [5, 7, 9]],
    ['sum over the last axis, kept', sum(matrix, -1, { keepDims: true }), [2, 1], [6, 15]],
    ['sum over no axis', sum(matrix, []), [2, 3], [1, 2, 3, 4, 5, 6]],
    ['sum of nothing', sum(float64([])), [], [0]],
    ['mean', mean(matrix, [0, 1]), [], [3.5]],
    ['max', max(matrix, 1), [2], [3, 6]],
    ['min', min(matrix, 0), [3], [1, 2, 3]],
    ['variance', variance(matrix, 1), [2], [1, 1]],
    ['variance without correction', variance(matrix, 1, { correction: 0 }), [2], [2 / 3, 2 / 3]],
    ['argMax', argMax(matrix, 0), [3], [1, 1, 1]],
    ['argMax, where the first of equals wins', argMax(float64([1, 3, 3])), [], [1]],
  ])('%s', (_, result, shape, values) => {
    expect(result.shape).toEqual(shape);
    valuesOf(result).forEach((value, i) => {
      expect(value).toBeCloseTo(values[i]!, 14);
    });
  });

  test('of NaN are NaN', () => {
    const x = float64([1, Number.NaN, 3]);
    for (const result of [sum(x), mean(x), max(x), min(x)]) expect(valuesOf(result)[0]).toBeNaN();
  });

  test.each([
    [() => max(float64([])), 'max: shape [0] has no cells'],
    [() => sum(matrix, 2), 'sum: axis 2 is out of range for rank 2'],
    [() => argMax(float64([[]]), 1), 'argMax: axis 1 of [1,0] is empty'],
  ])('refuse what does not fit: %s', (call, message) => {
    expect(call).toThrow(message);
  });
});
