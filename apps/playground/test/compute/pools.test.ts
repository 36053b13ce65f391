import { describe, expect, test } from 'vitest';
import { enlarge, poolPicture } from '../../src/compute/poolPicture.js';
import { quality } from '../../src/compute/quality.js';
import { pooledShifts } from '../../src/compute/shiftTest.js';
import { inkOn, signedColour } from '../../src/compute/signedColour.js';
import { strategyNames } from '../../src/compute/strategies.js';
import { betaOf, temperatureOf } from '../../src/compute/temperature.js';
import { windowNumbers } from '../../src/compute/windowNumbers.js';
import { builtInPicture } from '../../src/pictures/builtInPictures.js';

const picture = builtInPicture('cloth', 96);

test.each(strategyNames())('%s pools a picture to finite numbers', (name) => {
  const pooled = poolPicture(picture, name, { kernel: 2, stride: 2, padding: 0, beta: 1 });
  expect([pooled.width, pooled.height]).toEqual([48, 48]);
  expect(pooled.planes.every(Number.isFinite)).toBe(true);
});

test('average pooling of touching windows and enlarging keep a plane as it is', () => {
  const ramp = { width: 12, height: 12, planes: Float32Array.from({ length: 432 }, (_, i) => (i % 12) / 16) };
  const settings = { kernel: 2, stride: 2, padding: 0, beta: 1 };
  const large = enlarge(poolPicture(ramp, 'avg', settings), ramp, settings);
  for (let column = 1; column < 11; column++) expect(large.planes[column]).toBeCloseTo(column / 16, 6);
});

test('a picture is like itself, and less like its pooled copy', () => {
  expect(quality(picture, picture).psnr).toBe(Number.POSITIVE_INFINITY);
  expect(quality(picture, picture).ssim).toBeCloseTo(1, 5);
  const settings = { kernel: 4, stride: 4, padding: 0, beta: 1 };
  expect(quality(picture, enlarge(poolPicture(picture, 'max', settings), picture, settings)).ssim).toBeLessThan(0.9);
});

test('a shift by a whole stride moves every output by one cell', () => {
  const shifts = pooledShifts(builtInPicture('city'), 'soft', { kernel: 4, stride: 4, padding: 0, beta: 1 });
  const { side, values } = shifts[0]!;
  for (let row = 0; row < side; row++) {
    expect(shifts[4]!.values.slice(row * side, row * side + side - 1)).toEqual(
      values.slice(row * side + 1, (row + 1) * side),
    );
  }
});

describe('a window by hand', () => {
  test.each(['exact', 'detached'] as const)('has gradients that add up to 1 by the %s rule', (rule) => {
    const { gradient, weights, output, products } = windowNumbers([1, 2, 3, 4], { pooling: 'soft', beta: 1, rule });
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(sum(gradient)).toBeCloseTo(1, 12);
    expect(sum(weights)).toBeCloseTo(1, 12);
    expect(sum(products)).toBeCloseTo(output, 12);
    if (rule === 'detached') expect(gradient).toEqual(weights);
  });
});

test('the temperature slider runs from the average over SoftPool to the maximum, and back', () => {
  expect([0, 0.5, 1].map(betaOf)).toEqual([0, 1, Number.POSITIVE_INFINITY]);
  for (const beta of [0, 0.3, 1, 7, Number.POSITIVE_INFINITY]) expect(betaOf(temperatureOf(beta))).toBeCloseTo(beta, 9);
});

test('the signed palette is the ground at 0, and its ink is readable', () => {
  expect(signedColour(0, 1, false)).toEqual([250, 247, 241]);
  expect(inkOn([255, 255, 255])).toBe('#000');
  expect(inkOn([31, 95, 168])).toBe('#fff');
});
