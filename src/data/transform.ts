/** @file What an augmentation is: a function that changes a batch in place, from an explicit generator. */
import { ArgumentError } from '../errors.js';
import type { Generator } from '../tensor/generator.js';

/**
 * Changes a normalised batch `[N, C, ...spatial]` in place. All its randomness comes from `generator`, so that a batch
 * can be made again. Fill values are 0, which after normalisation is the data set's mean.
 */
export type Transform = (batch: Float32Array, shape: readonly number[], generator: Generator) => void;

/**
 * A batch seen as `samples × planes` images of `height × width`, the last two axes. The axes between, such as the frames
 * of a clip, share the treatment of their sample; a waveform `[N, C, length]` has height 1.
 */
export interface BatchPlanes {
  readonly samples: number;
  readonly planes: number;
  readonly height: number;
  readonly width: number;
}

/** @throws ArgumentError if the batch has no spatial axis */
export function batchPlanes(operation: string, shape: readonly number[]): BatchPlanes {
  const [samples, channels, ...spatial] = shape;
  const width = spatial.pop();
  if (samples === undefined || channels === undefined || width === undefined) {
    throw new ArgumentError(`${operation}: needs a batch [N, C, ...spatial], got shape [${shape}]`);
  }
  const height = spatial.pop() ?? 1;
  return { samples, planes: spatial.reduce((product, size) => product * size, channels), height, width };
}
