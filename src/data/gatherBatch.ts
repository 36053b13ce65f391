/** @file Collects samples into one normalised float32 batch. */
import { type Dataset, sampleSize } from './dataset.js';
import type { Normalization } from './normalization.js';

/**
 * The samples at `indices`, `[indices.length, C, ...spatial]` flattened: bytes are scaled to [0, 1], then each channel
 * becomes (x − mean) / std where a normalisation is given.
 */
export function gatherBatch(dataset: Dataset, indices: Int32Array, normalization?: Normalization): Float32Array {
  const { images } = dataset;
  const size = sampleSize(dataset);
  const channels = dataset.shape[0]!;
  const channelSize = size / channels;
  const unit = images instanceof Uint8Array ? 255 : 1;
  const batch = new Float32Array(indices.length * size);
  for (let channel = 0; channel < channels; channel++) {
    const std = normalization?.std[channel] ?? 1;
    const scale = 1 / (unit * std);
    const offset = -(normalization?.mean[channel] ?? 0) / std;
    for (let row = 0; row < indices.length; row++) {
      const from = indices[row]! * size + channel * channelSize;
      const to = row * size + channel * channelSize;
      for (let i = 0; i < channelSize; i++) batch[to + i] = images[from + i]! * scale + offset;
    }
  }
  return batch;
}
