import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { poolPicture } from '../../src/downsample/poolPicture.js';
import { similarity } from '../../src/downsample/similarity.js';
import { decodeBytes, decodePicture } from '../../src/images/decodePicture.js';
import { encodePicture } from '../../src/images/encodePicture.js';
import type { Picture } from '../../src/images/picture.js';

const folder = fileURLToPath(new URL('../../../../../shared/data/softpool-images', import.meta.url));

/** PSNR in dB between our picture and theirs, ours saved as theirs was: as a JPEG of quality 95. Measured, rounded down. */
const ATTAINED = { buildings: 50.7, otters: 51.2, puffin: 54, tennis_ball: 48.7, tower: 45.6, tram: 46.7 };

async function soft(picture: Picture, white: number): Promise<Picture> {
  const settings = { kernel: 2, stride: 2, levels: 1, temporal: false, seed: 0 };
  const { picture: pooled } = await poolPicture('soft', picture, { ...settings, white });
  return decodeBytes('ours', await encodePicture(pooled, 'jpeg', { quality: 95 }));
}

describe.skipIf(!existsSync(folder))(
  'pictures published by the authors of SoftPool (../shared/data/softpool-images)',
  () => {
    test.each(Object.entries(ATTAINED))(
      '%s: theirs is ours with pixels / 255 / 0.226, to %d dB',
      async (name, attained) => {
        const original = await decodePicture(path.join(folder, `${name}.jpg`));
        const theirs = await decodePicture(path.join(folder, `${name}_soft.jpg`));
        expect([2 * theirs.width, 2 * theirs.height]).toEqual([original.width, original.height]);
        const dB = async (white: number): Promise<number> => similarity(await soft(original, white), theirs).psnr!;
        expect(await dB(1 / 0.226)).toBeGreaterThan(attained);
      },
    );

    test('otters: no other range of values comes as close', async () => {
      const original = await decodePicture(path.join(folder, 'otters.jpg'));
      const theirs = await decodePicture(path.join(folder, 'otters_soft.jpg'));
      const dB = async (white: number): Promise<number> => similarity(await soft(original, white), theirs).psnr!;
      const found = await dB(1 / 0.226);
      // Pixels from 0 to 1, from −1 to 1, from 0 to 255, and a tenth less and more than what fits.
      for (const white of [1, 2, 255, 0.9 / 0.226, 1.1 / 0.226]) expect(await dB(white)).toBeLessThan(found - 3);
    });
  },
);
