/**
 * @file Pooling strategies by name, so that a model, a study or a command line can choose one. A new one is one line here.
 */
import { ArgumentError } from '../../errors.js';
import type { Generator } from '../../tensor/generator.js';
import { defaultGenerator } from '../../tensor/random.js';
import type { Rank } from '../rank.js';
import { AvgPool } from './avgPool.js';
import { MaxPool } from './maxPool.js';
import type { PoolLayer, PoolLayerOptions } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';
import { SoftPool } from './softPool.js';

const strategies = new Map<string, PoolStrategy>([
  ['avg', { summary: 'the mean of the window', create: ({ rank, ...options }) => new AvgPool(rank, options) }],
  ['max', { summary: 'the maximum of the window', create: ({ rank, ...options }) => new MaxPool(rank, options) }],
  [
    'soft',
    {
      summary: 'the exponentially weighted mean of the window (SoftPool)',
      create: ({ rank, ...options }) => new SoftPool(rank, options),
    },
  ],
]);

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

/**
 * Adds a strategy of one's own.
 *
 * @throws ArgumentError if the name is taken
 */
export function registerPool(name: string, strategy: PoolStrategy): void {
  if (strategies.has(name)) throw new ArgumentError(`registerPool: there is already a strategy '${name}'`);
  strategies.set(name, strategy);
}
