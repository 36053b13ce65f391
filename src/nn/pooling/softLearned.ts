/**
 * @file SoftPool (Stergiou, Poppe and Kalliatakis, "Refining activation downsampling with SoftPool", ICCV 2021) with a
 * temperature that the paper holds at 1, and that is learned here: one β per channel.
 *
 *   y = Σ wᵢxᵢ with w = softmax(βx) over the window      ∂y/∂xᵢ = wᵢ(1 + β(xᵢ − y))      ∂y/∂β = Σ wᵢ(xᵢ − y)²
 *
 * β begins at 1, which is SoftPool. At 0 it is average pooling, towards +∞ max and towards −∞ min pooling.
 */
import { ones } from '../../tensor/create.js';
import { ownedParameter } from '../owned.js';
import { channelsOf, type PoolStrategy } from './poolStrategy.js';
import { SoftPool } from './softPool.js';

export const softLearned: PoolStrategy = {
  summary: 'SoftPool with a learned temperature per channel',
  formula: 'y = Σ wᵢxᵢ, w = softmax(βx)',
  learns: 'β per channel',
  source: 'Stergiou et al., ICCV 2021',
  needsChannels: true,
  create: ({ rank, ...options }) => {
    const beta = ownedParameter(ones(channelsOf('SoftPool', options)));
    return new SoftPool(rank, { ...options, beta });
  },
};
