/**
 * @file Stochastic pooling (Zeiler and Fergus, "Stochastic pooling for regularization of deep convolutional neural networks",
 * ICLR 2013): in training one cell is drawn in proportion to its activation, in evaluation the expectation is taken.
 *
 *   pᵢ = xᵢ / Σ xⱼ      training: y = xₗ, l drawn from p      evaluation: y = Σ pᵢxᵢ
 *
 * In training the drawn cell takes the whole gradient; in evaluation ∂y/∂xᵢ = (2xᵢ − y) / Σ xⱼ.
 *
 * The paper has activations behind a relu. Here negative ones have p = 0, and a window without a positive one gives its maximum,
 * in both modes: that continues y without a jump. A cell is drawn as the first of exponential arrivals with rates xᵢ, one arrival
 * time per cell: overlapping windows share them, so each is drawn as it should but not independently of its neighbours.
 *
 * The expectation has squares. A window whose largest value is beyond 2⁵⁰ or below 2⁻⁵⁰ is measured in another unit, so that none
 * leaves the range of float32. Units are powers of two: they change no digit.
 */
import { div, greater, log, mul, neg, pow, relu, where } from '../../ops/index.js';
import { windowMax, windowPick } from '../../ops/maxPool.js';
import type { PoolWindow } from '../../ops/poolWindow.js';
import { WindowCells } from '../../ops/windowCells.js';
import { uniform } from '../../tensor/create.js';
import type { Generator } from '../../tensor/generator.js';
import { defaultGenerator } from '../../tensor/random.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Rank } from '../rank.js';
import { PoolLayer, type PoolLayerOptions, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

/** Squares of values up to here, and down to its reciprocal, are far from the ends of float32. */
const LARGE = 2 ** 50;

/**
 * Divided by it, all float32 beyond `LARGE` lie between 2⁻²⁴ and 2⁵⁴; times it, all below its reciprocal between 2⁻⁷⁵ and 2²⁴. That is
 * in the middle, because a gradient on its way back is for a while divided by their sum.
 */
const UNIT = 2 ** 74;

/** What a layer that draws at random takes. */
export interface RandomPoolLayerOptions extends PoolLayerOptions {
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
}

/** Stochastic pooling over one, two or three axes. */
export class StochasticPool extends PoolLayer {
  readonly generator: Generator;

  constructor(rank: Rank, options: RandomPoolLayerOptions) {
    super(rank, options);
    this.generator = options.generator ?? defaultGenerator;
  }

  override forward(x: Tensor): Tensor {
    const window = windowOn(this, x);
    return this.training ? windowPick(x, arrivals(x.detach(), this.generator), window) : expectation(x, window);
  }
}

/** Keys whose maximum is a cell drawn in proportion to x: 1 / arrival time where x > 0, else x itself. */
function arrivals(x: Tensor, generator: Generator): Tensor {
  const { dtype, backend } = x;
  const waiting = neg(log(uniform(x.shape, 0, 1, { generator, dtype, backend })));
  return where(greater(x, 0), div(x, waiting), x);
}

function expectation(x: Tensor, window: PoolWindow): Tensor {
  const cells = new WindowCells(relu(x), window);
  const largest = windowMax(x, window);
  const unit = unitOf(largest);
  const rates = div(cells.values, cells.spread(unit));
  const total = cells.sum(rates);
  const isActive = greater(total, 0);
  const mean = div(cells.sum(pow(rates, 2)), where(isActive, total, 1));
  return where(isActive, mul(mean, unit), largest);
}

/** What a window with that maximum is measured in. */
function unitOf(largest: Tensor): Tensor {
  const ofSmall = where(greater(largest, 0), 1 / UNIT, 1);
  return where(greater(largest, LARGE), UNIT, where(greater(largest, 1 / LARGE), 1, ofSmall));
}

export const stochastic: PoolStrategy = {
  summary: 'a cell drawn in proportion to its activation; in evaluation the expectation',
  formula: 'y = xₗ with P(l) = xₗ / Σ xⱼ',
  source: 'Zeiler and Fergus, ICLR 2013',
  create: ({ rank, ...options }) => new StochasticPool(rank, options),
};
