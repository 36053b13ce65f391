import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { clipGrid } from '../../src/downsample/grid.js';
import { bicubic, enlargement, lanczos3, lanczosReduction } from '../../src/downsample/resample.js';
import { pixelsOf } from '../../src/images/encodePicture.js';
import type { Picture } from '../../src/images/picture.js';
import { pictureOf, waves } from './pictures.js';
import { tolerances } from './tolerances.js';

function gridOf({ width, height, frames }: Picture, kernel: number, stride = kernel, temporal = false) {
  return clipGrid({ width, height, frames: frames.length }, { kernel, stride, levels: 1 }, temporal);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((most, d) => Math.max(most, d), 0);
}

describe("Lanczos's filter", () => {
  test('is 1 at 0, 0 at every other whole number and from 3 on, and sinc(x) sinc(x/3) between', () => {
    expect([0, 1, 2, 3, 4].map((x) => Math.abs(lanczos3.weight(x)) < 1e-15)).toEqual([false, true, true, true, true]);
    expect(lanczos3.weight(0)).toBe(1);
    // sinc(1/2) sinc(1/6) = (2/π) · (3/π) = 6/π²; sinc(3/2) sinc(1/2) = −4/(3π²)
    expect(lanczos3.weight(0.5)).toBeCloseTo(6 / Math.PI ** 2, 12);
    expect(lanczos3.weight(-1.5)).toBeCloseTo(-4 / (3 * Math.PI ** 2), 12);
  });

  test('reduces by 2 with twelve cells around each centre, edges repeated', () => {
    const row = pictureOf({ width: 20, height: 2 }, (x) => waves(x, 0));
    const { frames } = lanczosReduction(row, gridOf(row, 2));
    const expected = Array.from({ length: 10 }, (_, j) => {
      let [sum, weights] = [0, 0];
      for (let i = 2 * j - 5; i <= 2 * j + 6; i++) {
        const d = (i - 2 * j - 0.5) / 2;
        const w = (Math.sin(Math.PI * d) / (Math.PI * d)) * (Math.sin((Math.PI * d) / 3) / ((Math.PI * d) / 3));
        sum += w * waves(Math.min(19, Math.max(0, i)), 0);
        weights += w;
      }
      return sum / weights;
    });
    expect(largestDifference(frames[0]!, expected)).toBeLessThan(tolerances.float32.within);
  });

  // From 4 on libvips averages cells first, to be faster.
  test.each([
    ['2', 48, 36, 2],
    ['3', 48, 36, 3],
  ])("reduces by %s as libvips's does", async (_, width, height, factor) => {
    const picture = pictureOf(
      { width, height, channels: 3 },
      (x, y, c) => 0.5 + 0.4 * Math.sin(0.25 * x + 0.15 * y + c),
    );
    const { frames } = lanczosReduction(picture, gridOf(picture, factor));
    const raw = { raw: { width, height, channels: 3 } } as const;
    const theirs = await sharp(pixelsOf(picture).bytes, raw)
      .resize(width / factor, height / factor, { kernel: 'lanczos3' })
      .raw()
      .toBuffer();
    const ours = pixelsOf({ ...picture, width: width / factor, height: height / factor, frames }).bytes;
    expect(largestDifference(ours, theirs) / 255).toBeLessThan(tolerances.libvips.within);
  });

  test('changes nothing where the step is 1 and the kernel 1', () => {
    const picture = pictureOf({ width: 9, height: 7, channels: 3, frames: 2 }, waves);
    const { frames } = lanczosReduction(picture, gridOf(picture, 1));
    for (const [t, frame] of frames.entries()) {
      expect(largestDifference(frame, picture.frames[t]!)).toBeLessThan(tolerances.float32.within);
    }
  });

  test('reduces over time as it does over space', () => {
    const still = pictureOf({ width: 12, height: 24 }, waves);
    // Rows become frames.
    const moving = pictureOf({ width: 12, height: 12, frames: 24 }, (x, _y, _c, t) => waves(x, t));
    const tall = lanczosReduction(still, gridOf(still, 2));
    const short = lanczosReduction(moving, gridOf(moving, 2, 2, true));
    expect(short.frames).toHaveLength(12);
    for (const [t, frame] of short.frames.entries()) {
      const row = tall.frames[0]!.slice(6 * t, 6 * t + 6);
      expect(largestDifference(frame.slice(0, 6), row)).toBeLessThan(tolerances.float32.within);
    }
  });
});

describe('bicubic enlargement', () => {
  test('has weights −1/16, 9/16, 9/16, −1/16 half way', () => {
    expect([1.5, 0.5, -0.5, -1.5].map(bicubic.weight)).toEqual([-1 / 16, 9 / 16, 9 / 16, -1 / 16]);
  });

  test.each([
    [2, 2],
    [3, 2],
    [3, 3],
    [4, 2],
  ])('puts a reduced ramp back where it was, away from the edges: k=%d s=%d', (kernel, stride) => {
    const ramp = (x: number, y: number): number => (x + 3 * y) / 128;
    const grid = gridOf(pictureOf({ width: 24, height: 24 }, ramp), kernel, stride);
    const { output, step, offset, start, length } = grid.width;
    const reduced = pictureOf({ width: output, height: output }, (x, y) => ramp(offset + step * x, offset + step * y));
    const back = enlargement(reduced, grid);
    expect([back.width, back.height]).toEqual([length, length]);
    for (let y = 2 * step; y < length - 2 * step; y++) {
      for (let x = 2 * step; x < length - 2 * step; x++) {
        expect(Math.abs(back.frames[0]![y * length + x]! - ramp(start + x, start + y))).toBeLessThan(
          tolerances.float32.within,
        );
      }
    }
  });

  test('keeps a constant, at the edges and over time too', () => {
    const constant = pictureOf({ width: 9, height: 5, channels: 3, frames: 7 }, () => 0.3);
    const grid = gridOf(constant, 2, 2, true);
    const back = enlargement(lanczosReduction(constant, grid), grid);
    expect(back.frames).toHaveLength(6);
    for (const frame of back.frames)
      for (const value of frame) expect(Math.abs(value - 0.3)).toBeLessThan(tolerances.float32.within);
  });
});
