/**
 * @file SoftPool with the gradient of the paper's implementation (Stergiou, Poppe and Kalliatakis, "Refining activation
 * downsampling with SoftPool", ICCV 2021): the weights count as constants.
 *
 *   y = Σ wᵢxᵢ with w = softmax(x) over the window      ∂y/∂xᵢ = wᵢ in place of wᵢ(1 + xᵢ − y)
 *
 * It isn't the gradient of y, which a check by differences must find.
 */
import type { PoolStrategy } from './poolStrategy.js';
import { SoftPool } from './softPool.js';

export const softDetached: PoolStrategy = {
  summary: "SoftPool with the paper's gradient, which holds the weights constant",
  formula: 'y = Σ wᵢxᵢ, w = softmax(x), ∂w = 0',
  source: 'Stergiou et al., ICCV 2021',
  create: ({ rank, ...options }) => new SoftPool(rank, { ...options, gradient: 'detached' }),
};
