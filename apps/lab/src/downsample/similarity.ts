/**
 * @file How alike two pictures of one size are.
 *
 *   MSE = mean of (a − b)² over all values of all channels and frames        PSNR = 10 log₁₀(1 / MSE) dB
 *
 * Pictures that differ in nothing but float32's rounding are the same: MSE 0, PSNR infinite, SSIM 1.
 *
 * SSIM is that of the luma, Y′ = 0.299 R′ + 0.587 G′ + 0.114 B′ (ITU-R BT.601), the mean over frames.
 */
import { z } from 'zod';
import type { Picture } from '../images/picture.js';
import { UsageError } from '../usageError.js';
import { type Plane, SSIM_WINDOW, ssim } from './ssim.js';

export const similaritySchema = z.object({
  /** `null` for pictures of fewer than 11 pixels on a side: no window fits. */
  ssim: z.number().min(-1).max(1).nullable(),
  /** In dB. `null` where it is infinite: no value differs by more than rounding. */
  psnr: z.number().nullable(),
  /** Mean squared difference of values from 0 to 1; 0 where no value differs by more than rounding. */
  mse: z.number().nonnegative(),
});

export type Similarity = z.infer<typeof similaritySchema>;

/**
 * Compares two pictures of one size.
 *
 * @throws UsageError if sizes, channels or numbers of frames differ
 */
export function similarity(a: Picture, b: Picture): Similarity {
  checkSameSize(a, b);
  const hasSsim = Math.min(a.width, a.height) >= SSIM_WINDOW;
  const { mse, largest } = differences(a, b);
  if (largest <= ROUNDING) return { ssim: hasSsim ? 1 : null, psnr: null, mse: 0 };
  return { ssim: hasSsim ? meanSsim(a, b) : null, psnr: psnr(mse), mse };
}

/**
 * Pictures are the same if no value differs by more. Rounding to float32 moves a value from 0 to 1 by up to 2⁻²⁵; scaling a picture
 * to its white, pooling a small window, scaling it back and Lanczos's filter round some ten times each, and two pictures can be off
 * in opposite directions: 2 · 16 · 2⁻²⁵. One step of the finest files, of 16 bits, is 16 times as much, so that no difference
 * between files is lost. An MSE alone can't tell: one such step in each 20,000 values is 1e-14, less than rounding everywhere.
 */
const ROUNDING = 2 ** -20;

/** Peak signal-to-noise ratio in dB of values from 0 to 1; infinite for an error of 0. */
export function psnr(mse: number): number {
  return -10 * Math.log10(mse);
}

/** The largest difference between two pictures' values after rounding to 8 bits, from 0 to 255. */
export function largestByteDifference(a: Picture, b: Picture): number {
  checkSameSize(a, b);
  let largest = 0;
  a.frames.forEach((frame, t) => {
    const other = b.frames[t]!;
    for (let i = 0; i < frame.length; i++) {
      largest = Math.max(largest, Math.abs(Math.round(frame[i]! * 255) - Math.round(other[i]! * 255)));
    }
  });
  return largest;
}

/** A frame's luma. */
export function lumaPlane({ width, height, channels, frames }: Picture, frame: number): Plane {
  const [values, pixels] = [frames[frame]!, width * height];
  if (channels === 1) return { width, height, values: Float64Array.from(values) };
  const luma = new Float64Array(pixels);
  for (let i = 0; i < pixels; i++) {
    luma[i] = 0.299 * values[i]! + 0.587 * values[pixels + i]! + 0.114 * values[2 * pixels + i]!;
  }
  return { width, height, values: luma };
}

/** The mean of the squared differences of values, and the largest difference. */
function differences(a: Picture, b: Picture): { mse: number; largest: number } {
  let [sum, count, largest] = [0, 0, 0];
  a.frames.forEach((frame, t) => {
    const other = b.frames[t]!;
    for (let i = 0; i < frame.length; i++) {
      const difference = Math.abs(frame[i]! - other[i]!);
      sum += difference * difference;
      if (difference > largest) largest = difference;
    }
    count += frame.length;
  });
  return { mse: sum / count, largest };
}

function meanSsim(a: Picture, b: Picture): number {
  return a.frames.reduce((sum, _, t) => sum + ssim(lumaPlane(a, t), lumaPlane(b, t)), 0) / a.frames.length;
}

function checkSameSize(a: Picture, b: Picture): void {
  const [sizeA, sizeB] = [a, b].map((p) => `${p.frames.length} × ${p.channels} × ${p.height} × ${p.width}`);
  if (sizeA !== sizeB) {
    throw new UsageError(
      `pictures must have one size to be compared; got frames × channels × height × width ${sizeA} and ${sizeB}`,
    );
  }
}
