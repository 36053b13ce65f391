/**
 * @file What a pooling strategy is: a name's worth of description and a way to make the layer.
 */
import { ArgumentError } from '../../errors.js';
import type { Generator } from '../../tensor/generator.js';
import type { Rank } from '../rank.js';
import type { PoolLayer, PoolLayerOptions } from './poolLayer.js';

/** Everything that a strategy may need to make its layer. */
export interface PoolStrategyOptions extends PoolLayerOptions {
  readonly rank: Rank;
  /** Where learned weights and random choices are drawn from. */
  readonly generator: Generator;
}

export interface PoolStrategy {
  /** One line for help texts and reports. */
  readonly summary: string;
  /** y as a function of the window's xᵢ, on one line. */
  readonly formula?: string;
  /** What the layer learns, such as `β per channel`; absent if nothing. */
  readonly learns?: string;
  /** Authors, venue and year of the paper. */
  readonly source?: string;
  /** Whether the layer learns something per channel, so that `channels` must be known. Default false. */
  readonly needsChannels?: boolean;
  /**
   * How far the cells that an output is made of in evaluation are centred behind its window's centre, on an axis of that stride
   * without padding; in cells of the input. Default 0: their centre is the window's.
   */
  readonly shift?: (stride: number) => number;
  readonly create: (options: PoolStrategyOptions) => PoolLayer;
}

/** The number of channels, which a layer that learns something per channel can't do without. */
export function channelsOf(layer: string, { channels }: PoolLayerOptions): number {
  if (channels === undefined) throw new ArgumentError(`${layer}: learns something per channel; pass { channels }`);
  return channels;
}
