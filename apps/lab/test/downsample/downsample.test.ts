import { expect, test } from 'vitest';
import { downsample } from '../../src/downsample/downsample.js';
import type { PoolingResult } from '../../src/downsample/downsampling.js';
import type { DecodedPicture } from '../../src/images/decodePicture.js';
import { pictureOf } from './pictures.js';

const smooth = (x: number, y: number): number =>
  0.5 + 0.25 * Math.sin(0.21 * x + 0.13 * y) + 0.2 * Math.cos(0.17 * y - 0.08 * x);

async function compared(pools: string[], levels: number): Promise<PoolingResult[]> {
  const picture: DecodedPicture = { ...pictureOf({ width: 96, height: 96 }, smooth), format: 'png', notes: [] };
  const window = { kernel: 2, stride: 2, levels, temporal: false, white: 1, seed: 0 };
  return (await downsample('smooth.png', picture, { ...window, pools })).report.poolings;
}

// On a smooth picture the two differ in little but their places: s3 averages the maxima that max takes one of.
test.each([1, 2])('s3 is compared where its cells lie, as max is: %d levels', async (levels) => {
  const [s3, max] = await compared(['s3', 'max'], levels);
  expect(Math.abs(s3!.toOriginal.psnr! - max!.toOriginal.psnr!)).toBeLessThan(0.3);
  expect(Math.abs(s3!.toLanczos.psnr! - max!.toLanczos.psnr!)).toBeLessThan(0.3);
});
