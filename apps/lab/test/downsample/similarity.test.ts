import { describe, expect, test } from 'vitest';
import { largestByteDifference, lumaPlane, psnr, similarity } from '../../src/downsample/similarity.js';
import { pictureOf, waves } from './pictures.js';

const size = { width: 12, height: 11 };

describe('PSNR', () => {
  test('of one step of 255 everywhere is 20 log₁₀ 255 = 48.13 dB', () => {
    const [a, b] = [pictureOf(size, () => 100 / 255), pictureOf(size, () => 101 / 255)];
    expect(similarity(a, b).psnr).toBeCloseTo(48.1308, 3);
    expect(similarity(a, b).mse).toBeCloseTo(1 / 255 ** 2, 9);
  });

  test('of black and white is 0 dB', () => {
    expect(
      similarity(
        pictureOf(size, () => 0),
        pictureOf(size, () => 1),
      ),
    ).toMatchObject({ psnr: -0, mse: 1 });
  });

  test('takes the error over all channels and frames', () => {
    const moving = { ...size, channels: 3, frames: 2 } as const;
    const one = pictureOf(moving, (_x, _y, c, t) => (c === 1 && t === 1 ? 0.5 : 0));
    expect(
      similarity(
        one,
        pictureOf(moving, () => 0),
      ).mse,
    ).toBeCloseTo(0.25 / 6, 9);
  });

  test('is infinite for no error, and then null', () => {
    expect(psnr(0)).toBe(Number.POSITIVE_INFINITY);
    const picture = pictureOf(size, waves);
    expect(similarity(picture, picture)).toEqual({ ssim: 1, psnr: null, mse: 0 });
  });

  test.each([1e-20, 2 ** -24, 2 ** -20])('is infinite if no value differs by more than rounding: %d', (error) => {
    const [a, b] = [pictureOf(size, (x) => x % 2), pictureOf(size, (x) => (x % 2 === 0 ? error : 1 - error))];
    expect(similarity(a, b)).toEqual({ ssim: 1, psnr: null, mse: 0 });
  });

  test('tells one step of 16 bits in 40,000 values', () => {
    const wide = { width: 200, height: 200 };
    const [a, b] = [pictureOf(wide, () => 0.5), pictureOf(wide, (x, y) => 0.5 + (x + y === 0 ? 1 / 65535 : 0))];
    const { psnr: found, mse } = similarity(a, b);
    expect(mse / ((1 / 65535) ** 2 / 40_000)).toBeCloseTo(1, 2);
    expect(found).toBeCloseTo(20 * Math.log10(65535) + 10 * Math.log10(40_000), 1);
  });
});

test('similarity is symmetric', () => {
  const [a, b] = [
    pictureOf({ ...size, channels: 3 }, waves),
    pictureOf({ ...size, channels: 3 }, (x, y) => waves(y, x)),
  ];
  expect(similarity(a, b)).toEqual(similarity(b, a));
});

test('SSIM is the mean over frames, and null for pictures smaller than its window', () => {
  const moving = { ...size, frames: 2 };
  const [a, b] = [pictureOf(moving, (_x, _y, _c, t) => t), pictureOf(moving, () => 0)];
  // 1 for black and black; C₁ / (1 + C₁) for white and black.
  expect(similarity(a, b).ssim).toBeCloseTo((1 + 1e-4 / (1 + 1e-4)) / 2, 9);
  expect(similarity(pictureOf({ width: 10, height: 50 }, waves), pictureOf({ width: 10, height: 50 }, waves))).toEqual({
    ...{ ssim: null, psnr: null, mse: 0 },
  });
});

test('luma is 0.299 R + 0.587 G + 0.114 B', () => {
  const colours = pictureOf({ width: 3, height: 1, channels: 3 }, (x, _y, c) => (x === c ? 1 : 0));
  expect([...lumaPlane(colours, 0).values]).toEqual([0.299, 0.587, 0.114]);
});

test('the largest difference counts steps of 255 after rounding', () => {
  const [a, b] = [
    pictureOf(size, () => 10.4 / 255),
    pictureOf(size, (x, y) => (x === 3 && y === 4 ? 17.6 : 9.6) / 255),
  ];
  expect(largestByteDifference(a, b)).toBe(8);
});

test('pictures of different sizes are no pair', () => {
  expect(() => similarity(pictureOf(size, waves), pictureOf({ ...size, channels: 3 }, waves))).toThrow(
    '1 × 1 × 11 × 12 and 1 × 3 × 11 × 12',
  );
});
