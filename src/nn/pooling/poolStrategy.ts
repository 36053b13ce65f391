/**
 * @file What a pooling strategy is: a name's worth of description and a way to make the layer.
 */
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
  /** Whether the layer learns something per channel, so that `channels` must be known. Default false. */
  readonly needsChannels?: boolean;
  readonly create: (options: PoolStrategyOptions) => PoolLayer;
}
