/**
 * @file SoftPool with a temperature β per channel that is learned; SoftPool is by Stergiou, Poppe and Kalliatakis, ICCV 2021,
 * the learned temperature from Gulcehre et al. and Lee et al., who let networks choose between average and maximum.
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
