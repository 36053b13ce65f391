/**
 * @file What stands in a tensor, as plain numbers that outlive the network.
 */
import type { Tensor } from 'softgrad';

/** Channels of one sample, or filters of one layer. */
export interface FeatureMaps {
  /** `[C, ...spatial]` */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The numbers of a tensor `[1, C, ...spatial]` or `[C, ...spatial]`. */
export async function featureMaps(tensor: Tensor, shape: readonly number[]): Promise<FeatureMaps> {
  return { shape, values: Float32Array.from(await tensor.data()) };
}

/** One channel, `[...spatial]` flattened. */
export function channelOf({ shape, values }: FeatureMaps, channel: number): Float32Array {
  const size = shape.slice(1).reduce((product, length) => product * length, 1);
  return values.subarray(channel * size, (channel + 1) * size);
}
