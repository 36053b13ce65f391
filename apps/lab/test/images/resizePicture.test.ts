import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { resizePicture } from '../../src/images/resizePicture.js';

/** A picture of one frame whose values follow from their place. */
function picture(height: number, width: number, channels: 1 | 3, value: (c: number, y: number, x: number) => number) {
  const places = Float32Array.from({ length: channels * height * width }, (_, i) =>
    value(Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width),
  );
  return { height, width, channels, frames: [places], delays: [0], loop: 0 };
}

const size = fc.integer({ min: 1, max: 20 });

describe('resizePicture', () => {
  test('the same size changes nothing', () => {
    const same = picture(3, 4, 3, (c, y, x) => c + y / 4 + x / 16);
    expect(resizePicture(same, 3, 4)).toEqual(same.frames[0]);
  });

  test('half the size: means of 2 × 2', () => {
    const four = picture(2, 4, 1, (_, y, x) => y * 4 + x);
    expect([...resizePicture(four, 1, 2)]).toEqual([2.5, 4.5]);
  });

  test('a wide picture is cut at both sides', () => {
    expect([
      ...resizePicture(
        picture(1, 5, 1, (_, __, x) => x),
        1,
        1,
      ),
    ]).toEqual([2]);
    expect([
      ...resizePicture(
        picture(2, 6, 1, (_, __, x) => x),
        2,
        2,
      ),
    ]).toEqual([2, 3, 2, 3]);
  });

  test('a smaller picture grows', () => {
    expect([
      ...resizePicture(
        picture(1, 2, 1, (_, __, x) => x),
        2,
        4,
      ),
    ]).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
  });

  property.prop([size, size, size, size])('a constant stays constant', (height, width, toHeight, toWidth) => {
    for (const value of resizePicture(
      picture(height, width, 1, () => 0.5),
      toHeight,
      toWidth,
    )) {
      expect(value).toBeCloseTo(0.5, 6);
    }
  });

  property.prop([size, size])('the whole picture counts: a square keeps its mean', (from, to) => {
    const values = picture(from, from, 1, (_, y, x) => ((y * 7 + x * 13) % 5) / 5);
    const mean = (list: Float32Array): number => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(resizePicture(values, to, to))).toBeCloseTo(mean(values.frames[0]!), 5);
  });
});
