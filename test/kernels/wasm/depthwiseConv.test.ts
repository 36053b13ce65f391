import { expect, test } from 'vitest';
import { convGeometry } from '../../../src/kernels/convGeometry.js';
import { isDepthwise } from '../../../src/kernels/wasm/depthwiseConv.js';

const cases: [string, number[], number[], object, boolean][] = [
  ['3×3', [2, 8, 16, 16], [8, 1, 3, 3], { groups: 8, padding: 1 }, true],
  ['1×3×3 of three dimensions', [2, 8, 4, 16, 16], [8, 1, 1, 3, 3], { groups: 8, padding: [0, 1, 1] }, true],
  ['one channel', [2, 1, 16, 16], [1, 1, 3, 3], { padding: 1 }, true],
  ['two channels out per channel in', [2, 8, 16, 16], [16, 1, 3, 3], { groups: 8, padding: 1 }, false],
  ['groups of two channels', [2, 8, 16, 16], [8, 2, 3, 3], { groups: 4, padding: 1 }, false],
  ['stride 2', [2, 8, 16, 16], [8, 1, 3, 3], { groups: 8, padding: 1, stride: 2 }, false],
  ['dilation 2', [2, 8, 16, 16], [8, 1, 3, 3], { groups: 8, padding: 2, dilation: 2 }, false],
  ['padding 3, which the input gradient can’t take', [2, 8, 16, 16], [8, 1, 3, 3], { groups: 8, padding: 3 }, false],
  ['5×5', [2, 8, 16, 16], [8, 1, 5, 5], { groups: 8, padding: 2 }, false],
  ['1D', [2, 8, 16], [8, 1, 3], { groups: 8, padding: 1 }, false],
  ['3×3×3', [2, 8, 4, 16, 16], [8, 1, 3, 3, 3], { groups: 8, padding: 1 }, false],
  ['rows of 3 outputs', [2, 8, 5, 5], [8, 1, 3, 3], { groups: 8 }, false],
];

test.each(cases)('%s: %s, %s, %s: depthwise loop %s', (_, shape, weight, options, expected) => {
  const geometry = convGeometry('conv', shape, weight, (shape.length - 2) as 1 | 2 | 3, options);
  expect(isDepthwise(geometry)).toBe(expected);
});
