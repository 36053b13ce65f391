/** @file Random loudness, or contrast. */
import { ArgumentError } from '../errors.js';
import { between } from './randomValues.js';
import type { Transform } from './transform.js';

/**
 * Multiplies each sample by a factor from [low, high), the same in all channels. A normalised waveform becomes louder or
 * quieter, a normalised image changes its contrast.
 */
export function randomGain(low: number, high: number): Transform {
  if (!(Number.isFinite(high) && low >= 0 && low < high)) {
    throw new ArgumentError(`randomGain: low ${low} and high ${high} must be finite and 0 ≤ low < high`);
  }
  return (batch, shape, generator) => {
    const [samples = 1] = shape;
    const size = batch.length / samples;
    for (let start = 0; start < batch.length; start += size) {
      const gain = between(generator, [low, high]);
      for (let i = start; i < start + size; i++) batch[i]! *= gain;
    }
  };
}
