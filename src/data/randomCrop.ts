/** @file Random shifts: pad every side, then crop back to the original size at a random place. */
import { ArgumentError } from '../errors.js';
import { type BatchPlanes, batchPlanes, type Transform } from './transform.js';

/**
 * Pads each side by `padding` zeros and crops at random: a shift by up to `padding` cells along each of the last two axes.
 * All channels (and frames) of a sample shift together. An axis of size 1 stays.
 *
 * @throws ArgumentError, when applied, if the padding reaches the size of the images
 */
export function randomCrop(padding: number): Transform {
  if (!Number.isInteger(padding) || padding < 0) {
    throw new ArgumentError(`randomCrop: padding is ${padding}, but must be an integer of at least 0`);
  }
  return (batch, shape, generator) => {
    const geometry = batchPlanes('randomCrop', shape);
    const { samples, planes, height, width } = geometry;
    const [reachY, reachX] = [height, width].map((size) => (size === 1 ? 0 : padding)) as [number, number];
    if ((reachY > 0 && reachY >= height) || (reachX > 0 && reachX >= width)) {
      throw new ArgumentError(`randomCrop: padding ${padding} must be smaller than the ${height}×${width} images`);
    }
    for (let sample = 0; sample < samples; sample++) {
      const shiftY = generator.integer(2 * reachY + 1) - reachY;
      const shiftX = generator.integer(2 * reachX + 1) - reachX;
      for (let plane = sample * planes; plane < (sample + 1) * planes; plane++) {
        shiftPlane(batch, plane * height * width, geometry, shiftY, shiftX);
      }
    }
  };
}

/** Moves one plane down by `shiftY` and right by `shiftX`; what comes in from outside is 0. */
function shiftPlane(
  batch: Float32Array,
  start: number,
  { height, width }: BatchPlanes,
  shiftY: number,
  shiftX: number,
): void {
  const end = start + height * width;
  // In the flat plane both shifts are one move; the columns that wrap around are cleared below.
  const shift = shiftY * width + shiftX;
  if (shift >= 0) {
    batch.copyWithin(start + shift, start, end - shift);
    batch.fill(0, start, start + shift);
  } else {
    batch.copyWithin(start, start - shift, end);
    batch.fill(0, end + shift, end);
  }
  const [firstColumn, lastColumn] = shiftX >= 0 ? [0, shiftX] : [width + shiftX, width];
  for (let row = start; row < end; row += width) batch.fill(0, row + firstColumn, row + lastColumn);
}
