/**
 * @file Pooling strategies by name, so that a model, a study or a command line can choose one. A new one is one line here.
 */
import { ArgumentError } from '../../errors.js';
import type { Generator } from '../../tensor/generator.js';
import { defaultGenerator } from '../../tensor/random.js';
import type { Rank } from '../rank.js';
import { ada } from './adaPool.js';
import { avg } from './avgPool.js';
import { blur } from './blurPool.js';
import { conv } from './convPool.js';
import { dpp } from './detailPreservingPool.js';
import { edscw } from './edscwPool.js';
import { gated } from './gatedPool.js';
import { gem } from './gemPool.js';
import { idw } from './idwPool.js';
import { lip } from './localImportancePool.js';
import { lp } from './lpPool.js';
import { max } from './maxPool.js';
import { mixed } from './mixedPool.js';
import type { PoolLayer, PoolLayerOptions } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';
import { pow } from './powerPool.js';
import { s3 } from './s3Pool.js';
import { softDetached } from './softDetached.js';
import { softLearned } from './softLearned.js';
import { soft } from './softPool.js';
import { stochastic } from './stochasticPool.js';
import { sum } from './sumPool.js';

const strategies = new Map<string, PoolStrategy>(
  Object.entries({
    ...{ avg, max, soft, 'soft-detached': softDetached, 'soft-learned': softLearned, sum, lp, pow, gem },
    ...{ stochastic, mixed, gated, s3, dpp, lip, edscw, idw, ada, blur, conv },
  }),
);

export interface PoolOptions extends PoolLayerOptions {
  /** The number of spatial axes. Default 2. */
  readonly rank?: Rank | undefined;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
}

/**
 * The layer of a strategy: `pool('soft', { kernelSize: 2 })`.
 *
 * @throws ArgumentError if there is no such strategy, or it needs `channels` and isn't told
 */
export function pool(name: string, options: PoolOptions): PoolLayer {
  const strategy = poolStrategy(name);
  const { rank = 2, generator = defaultGenerator, ...layer } = options;
  if (strategy.needsChannels && layer.channels === undefined) {
    throw new ArgumentError(`pool: '${name}' learns something per channel; pass { channels }`);
  }
  return strategy.create({ ...layer, rank, generator });
}

/**
 * The strategy of that name.
 *
 * @throws ArgumentError that lists the names there are
 */
export function poolStrategy(name: string): PoolStrategy {
  const strategy = strategies.get(name);
  if (!strategy) throw new ArgumentError(`pool: no strategy '${name}'; there are ${poolNames().join(', ')}`);
  return strategy;
}

/** All strategies, in the order of their registration. */
export function poolNames(): string[] {
  return [...strategies.keys()];
}

/** A strategy and the name that it is registered under. */
export interface NamedPoolStrategy extends PoolStrategy {
  readonly name: string;
}

/** All strategies with what they say about themselves: formula, what they learn, paper. */
export function poolStrategies(): NamedPoolStrategy[] {
  return [...strategies].map(([name, strategy]) => ({ name, ...strategy }));
}

/**
 * Adds a strategy of one's own.
 *
 * @throws ArgumentError if the name is taken
 */
export function registerPool(name: string, strategy: PoolStrategy): void {
  if (strategies.has(name)) throw new ArgumentError(`registerPool: there is already a strategy '${name}'`);
  strategies.set(name, strategy);
}
