/** @file Per-channel normalisation: (x − mean) / std, with x in [0, 1] where the data are bytes. */
import { ArgumentError } from '../errors.js';
import { type Dataset, sampleSize } from './dataset.js';

export interface Normalization {
  /** One mean per channel. */
  readonly mean: readonly number[];
  /** One standard deviation per channel, above 0. */
  readonly std: readonly number[];
}

/**
 * The mean and the (population) standard deviation of each channel over all samples and positions.
 * Use it on training data only, so that nothing is learned from the test set.
 */
export function computeNormalization(dataset: Dataset): Normalization {
  if (dataset.length === 0) throw new ArgumentError(`computeNormalization: dataset ${dataset.name} is empty`);
  const channels = dataset.shape[0]!;
  const channelSize = sampleSize(dataset) / channels;
  const scale = dataset.images instanceof Uint8Array ? 255 : 1;
  const mean: number[] = [];
  const std: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const moments = channelMoments(dataset.images, channel * channelSize, channelSize, channels * channelSize);
    mean.push(moments.mean / scale);
    std.push(moments.std / scale);
  }
  return { mean, std };
}

/** Sums of x and x² around the first value, so that a large offset costs no precision. */
function channelMoments(values: Dataset['images'], start: number, size: number, stride: number) {
  const origin = values[start]!;
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let from = start; from < values.length; from += stride) {
    for (let i = from; i < from + size; i++) {
      const distance = values[i]! - origin;
      sum += distance;
      squares += distance * distance;
    }
    count += size;
  }
  const meanDistance = sum / count;
  return { mean: origin + meanDistance, std: Math.sqrt(Math.max(0, squares / count - meanDistance ** 2)) };
}

/** @throws ArgumentError unless there is one finite mean and one positive deviation per channel */
export function checkNormalization({ mean, std }: Normalization, channels: number): void {
  if (mean.length !== channels || std.length !== channels) {
    throw new ArgumentError(
      `normalize: ${mean.length} means and ${std.length} standard deviations for ${channels} channels`,
    );
  }
  if (!mean.every(Number.isFinite)) throw new ArgumentError(`normalize: mean [${mean}] must be finite`);
  if (!std.every((value) => Number.isFinite(value) && value > 0)) {
    throw new ArgumentError(`normalize: std [${std}] must be positive and finite; a constant channel needs std 1`);
  }
}
