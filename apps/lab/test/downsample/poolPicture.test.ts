import * as nn from 'softgrad/nn';
import { describe, expect, test } from 'vitest';
import { type PoolSettings, poolPicture } from '../../src/downsample/poolPicture.js';
import { pictureOf, waves } from './pictures.js';
import { tolerances } from './tolerances.js';

const settings: PoolSettings = { kernel: 2, stride: 2, levels: 1, temporal: false, white: 1, seed: 0 };

/** y = Σ x e^(white · x) / Σ e^(white · x) */
function soft(values: readonly number[], white: number): number {
  const weights = values.map((x) => Math.exp(white * x));
  return values.reduce((sum, x, i) => sum + x * weights[i]!, 0) / weights.reduce((sum, w) => sum + w, 0);
}

describe('SoftPool of a picture', () => {
  test.each([1, 1 / 0.226, 255])('weighs a window of 2 × 2 by what white counts as, here %d', async (white) => {
    const window = [0.1, 0.9, 0.4, 0.45];
    const picture = pictureOf({ width: 2, height: 2 }, (x, y) => window[2 * y + x]!);
    const pooled = await poolPicture('soft', picture, { ...settings, white });
    expect(Math.abs(pooled.picture.frames[0]![0]! - soft(window, white))).toBeLessThan(tolerances.softWeights.within);
    expect(pooled).toMatchObject({ parameters: 0, clipped: 0 });
  });

  test('over time takes windows of 2 × 2 × 2, in every channel on its own', async () => {
    const clip = pictureOf({ width: 4, height: 2, channels: 3, frames: 5 }, waves);
    const { picture } = await poolPicture('soft', clip, { ...settings, white: 3, temporal: true });
    expect([picture.frames.length, picture.height, picture.width]).toEqual([2, 1, 2]);
    for (const [t, frame] of picture.frames.entries()) {
      frame.forEach((value, i) => {
        const [c, x] = [Math.floor(i / 2), i % 2];
        const cells = [0, 1].flatMap((dt) =>
          [0, 1].flatMap((y) => [0, 1].map((dx) => waves(2 * x + dx, y, c, 2 * t + dt))),
        );
        expect(Math.abs(value - soft(cells, 3))).toBeLessThan(tolerances.softWeights.within);
      });
    }
  });

  test('frame by frame keeps the number of frames', async () => {
    const clip = pictureOf({ width: 4, height: 4, frames: 3 }, waves);
    const pooled = await poolPicture('soft', clip, settings);
    expect(pooled.picture.frames).toHaveLength(3);
    const { frames } = await poolPicture('soft', { ...clip, frames: clip.frames.slice(1, 2) }, settings).then(
      (p) => p.picture,
    );
    expect(pooled.picture.frames[1]).toEqual(frames[0]);
  });
});

test('two levels of max pooling are one with a window twice as large', async () => {
  const picture = pictureOf({ width: 9, height: 13, channels: 3 }, waves);
  const twice = await poolPicture('max', picture, { ...settings, levels: 2 });
  const once = await poolPicture('max', picture, { ...settings, kernel: 4, stride: 4 });
  expect(twice.picture).toEqual(once.picture);
});

describe('every strategy of the registry', () => {
  const clip = pictureOf({ width: 16, height: 12, channels: 3, frames: 4 }, waves);

  test.each(nn.poolNames().flatMap((name) => [[name, false] as const, [name, true] as const]))(
    '%s, over time: %s, gives finite values from 0 to 1, the same for the same seed',
    async (name, temporal) => {
      const first = await poolPicture(name, clip, { ...settings, temporal });
      const [width, height] = [first.picture.width, first.picture.height];
      expect([first.picture.frames.length, width, height]).toEqual([temporal ? 2 : 4, 8, 6]);
      for (const frame of first.picture.frames) {
        expect(frame).toHaveLength(3 * width * height);
        expect(frame.every((value) => value >= 0 && value <= 1)).toBe(true);
      }
      expect(await poolPicture(name, clip, { ...settings, temporal })).toEqual(first);
    },
  );
});
