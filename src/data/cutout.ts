/** @file Cutout (DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout", 2017). */
import { ArgumentError } from '../errors.js';
import { batchPlanes, type Transform } from './transform.js';

/**
 * Sets a square of `size` × `size` cells to 0 in each sample, the same in all channels. Its centre is anywhere in the
 * image, so the square may reach over the border, as in the paper.
 */
export function cutout(size: number): Transform {
  if (!Number.isInteger(size) || size < 1) {
    throw new ArgumentError(`cutout: size is ${size}, but must be a positive integer`);
  }
  return (batch, shape, generator) => {
    const { samples, planes, height, width } = batchPlanes('cutout', shape);
    const half = Math.floor(size / 2);
    for (let sample = 0; sample < samples; sample++) {
      const top = generator.integer(height) - half;
      const left = generator.integer(width) - half;
      const [firstRow, lastRow] = [Math.max(0, top), Math.min(height, top + size)];
      const [firstColumn, lastColumn] = [Math.max(0, left), Math.min(width, left + size)];
      for (let plane = sample * planes; plane < (sample + 1) * planes; plane++) {
        for (let row = firstRow; row < lastRow; row++) {
          const start = (plane * height + row) * width;
          batch.fill(0, start + firstColumn, start + lastColumn);
        }
      }
    }
  };
}
