/** @file Random mirroring along the last axis. */
import { ArgumentError } from '../errors.js';
import { batchPlanes, type Transform } from './transform.js';

/** Mirrors each sample along its last axis with probability `p`. */
export function randomHorizontalFlip(p = 0.5): Transform {
  if (!(p >= 0 && p <= 1)) {
    throw new ArgumentError(`randomHorizontalFlip: p is ${p}, but a probability lies between 0 and 1`);
  }
  return (batch, shape, generator) => {
    const { samples, planes, height, width } = batchPlanes('randomHorizontalFlip', shape);
    const sampleSize = planes * height * width;
    for (let sample = 0; sample < samples; sample++) {
      if (!generator.bernoulli(p)) continue;
      const end = (sample + 1) * sampleSize;
      for (let row = sample * sampleSize; row < end; row += width) mirror(batch, row, row + width - 1);
    }
  };
}

function mirror(values: Float32Array, first: number, last: number): void {
  for (let left = first, right = last; left < right; left++, right--) {
    const value = values[left]!;
    values[left] = values[right]!;
    values[right] = value;
  }
}
