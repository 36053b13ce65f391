import { fc, test as property } from '@fast-check/vitest';
import * as nn from 'softgrad/nn';
import { describe, expect, test } from 'vitest';
import { clipGrid, covered, poolGrid } from '../../src/downsample/grid.js';
import { poolPicture } from '../../src/downsample/poolPicture.js';
import { pictureOf } from './pictures.js';
import { tolerances } from './tolerances.js';

describe('the grid of a pooled axis', () => {
  test.each([
    [{ kernel: 2, stride: 2, levels: 1 }, 6, { output: 3, step: 2, offset: 0.5, start: 0, length: 6 }],
    [{ kernel: 2, stride: 2, levels: 1 }, 7, { output: 3, step: 2, offset: 0.5, start: 0, length: 6 }],
    [{ kernel: 2, stride: 2, levels: 3 }, 17, { output: 2, step: 8, offset: 3.5, start: 0, length: 16 }],
    [{ kernel: 3, stride: 1, levels: 1 }, 5, { output: 3, step: 1, offset: 1, start: 1, length: 3 }],
    [{ kernel: 5, stride: 2, levels: 1 }, 9, { output: 3, step: 2, offset: 2, start: 1, length: 6 }],
    [{ kernel: 1, stride: 3, levels: 1 }, 8, { output: 3, step: 3, offset: 0, start: 0, length: 8 }],
  ])('%j of %d cells', (steps, size, expected) => {
    expect(poolGrid('width', size, steps)).toEqual({ input: size, ...expected });
  });

  test.each([
    [{ kernel: 2, stride: 2, levels: 1 }, 0.5, 1],
    [{ kernel: 2, stride: 2, levels: 3 }, 0.5, 7],
    [{ kernel: 3, stride: 3, levels: 2 }, 1, 8],
  ])('%j, of cells %d behind their windows: over the same part, %d from its first cell', (steps, shift, offset) => {
    expect(poolGrid('width', 54, steps, shift)).toEqual({ ...poolGrid('width', 54, steps), offset });
  });

  const steps = fc.record({
    kernel: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    levels: fc.integer({ min: 1, max: 2 }),
  });

  // The mean of a ramp over a window is the ramp at the window's centre.
  property.prop([steps, fc.integer({ min: 13, max: 20 })], { numRuns: 30 })(
    'says where the averages of a ramp belong, and how many there are',
    async (pooling, width) => {
      const ramp = pictureOf({ width, height: width }, (x, y) => (x + 2 * y) / 64);
      const settings = { ...pooling, temporal: false, white: 1, seed: 0 };
      const { picture } = await poolPicture('avg', ramp, settings);
      const { output, step, offset } = poolGrid('width', width, pooling);
      expect([picture.width, picture.height]).toEqual([output, output]);
      picture.frames[0]!.forEach((value, i) => {
        const [x, y] = [offset + step * (i % output), offset + step * Math.floor(i / output)];
        expect(Math.abs(value - (x + 2 * y) / 64)).toBeLessThan(tolerances.float32.within);
      });
    },
  );

  // s3 on a rising and a falling ramp: the dense maxima are as far before the centre as behind it.
  property.prop([steps, fc.integer({ min: 13, max: 20 })], { numRuns: 30 })(
    "says where s3's cells belong",
    async (pooling, width) => {
      const settings = { ...pooling, temporal: false, white: 1, seed: 0 };
      const grid = poolGrid('width', width, pooling, nn.poolStrategy('s3').shift?.(pooling.stride));
      const size = { width, height: width };
      const rising = await poolPicture(
        's3',
        pictureOf(size, (x) => x / 64),
        settings,
      );
      const falling = await poolPicture(
        's3',
        pictureOf(size, (x) => 1 - x / 64),
        settings,
      );
      // The last cell of a level averages only the positions that there are.
      for (let j = 0; j < grid.output - pooling.levels; j++) {
        const place = 32 * (rising.picture.frames[0]![j]! + 1 - falling.picture.frames[0]![j]!);
        expect(Math.abs(place - grid.offset - grid.step * j) / 64).toBeLessThan(tolerances.float32.within);
      }
    },
  );

  test('is none where a level has fewer cells than the kernel', () => {
    expect(() => poolGrid('height', 2, { kernel: 3, stride: 3, levels: 1 })).toThrow(
      'kernel 3 exceeds the height of 2',
    );
    expect(() => poolGrid('width', 9, { kernel: 2, stride: 2, levels: 4 })).toThrow('the width of 1 at level 4 of 4');
  });
});

test('the covered part leaves out what no reduced cell stands for', () => {
  const picture = pictureOf(
    { width: 5, height: 4, channels: 3, frames: 3 },
    (x, y, c, t) => x + 10 * y + 100 * c + 1000 * t,
  );
  const grid = clipGrid({ width: 5, height: 4, frames: 3 }, { kernel: 2, stride: 2, levels: 1 }, true);
  const part = covered(picture, grid);
  expect([part.frames.length, part.height, part.width]).toEqual([2, 4, 4]);
  expect(part.frames[1]!.slice(16, 21)).toEqual(Float32Array.of(1100, 1101, 1102, 1103, 1110));
  expect(part.delays).toEqual([100, 100]);
});
