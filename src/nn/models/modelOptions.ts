/**
 * @file What every model can be told.
 */
import type { Generator } from '../../tensor/generator.js';

export interface ModelOptions {
  /** Pooling strategy, a name that `nn.poolNames()` lists. Default `soft`. */
  readonly pool?: string | undefined;
  /** Default 10. */
  readonly numClasses?: number | undefined;
  /** Default 3; 1 for waveforms and clips. */
  readonly inChannels?: number | undefined;
  /** Where weights are drawn from; the same seed gives the same weights whatever the pool. Default: the global one. */
  readonly generator?: Generator | undefined;
}
