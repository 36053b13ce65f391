/**
 * @file Generalised mean pooling, GeM (Radenović, Tolias and Chum, "Fine-tuning CNN image retrieval with no human annotation",
 * TPAMI 2018): a power mean whose exponent is learned, one for the layer.
 *
 *   y = (Σ max(xᵢ, ε)ᵖ / |R|)^(1/p)      ∂y/∂xᵢ = (xᵢ / y)^(p−1) / |R| where xᵢ > ε, else 0
 *   ∂y/∂p = y/p · (Σ wᵢ ln xᵢ − ln y), wᵢ = xᵢᵖ / Σ xⱼᵖ
 *
 * ε = 10⁻⁶ as published: smaller and negative values count as ε, so a window of them gives ε. p begins at 3; 1 is the average,
 * p → ∞ the maximum. An exponent below 0.1 counts as 0.1, lest a step of the optimiser makes 1/p infinite. Powers are taken in
 * logarithms, relative to the window's largest, so none overflows.
 */
import { ArgumentError } from '../../errors.js';
import { add, div, exp, log, maximum, mul, relu, sub } from '../../ops/index.js';
import { windowMax } from '../../ops/maxPool.js';
import { cellCounts } from '../../ops/sumPool.js';
import { WindowCells } from '../../ops/windowCells.js';
import { full } from '../../tensor/create.js';
import type { Parameter } from '../../tensor/parameter.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ownedParameter } from '../owned.js';
import type { Rank } from '../rank.js';
import { labelOf, PoolLayer, type PoolLayerOptions, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

export interface GemPoolLayerOptions extends PoolLayerOptions {
  /** What the exponent begins with, at least 0.1. Default 3. */
  readonly p?: number | undefined;
}

const EPSILON = 1e-6;
const LEAST_EXPONENT = 0.1;

/** Generalised mean pooling over one, two or three axes. */
export class GemPool extends PoolLayer {
  /** The exponent, `[1]`. */
  readonly p: Parameter;

  /** @throws ArgumentError if `p` isn't a finite number of at least 0.1 */
  constructor(rank: Rank, options: GemPoolLayerOptions) {
    super(rank, options);
    const { p = 3 } = options;
    if (!(p >= LEAST_EXPONENT && Number.isFinite(p))) {
      throw new ArgumentError(`${labelOf(this)}: p must be finite and at least ${LEAST_EXPONENT}, got ${p}`);
    }
    this.p = ownedParameter(full(1, p));
  }

  override forward(x: Tensor): Tensor {
    const window = windowOn(this, x);
    const cells = new WindowCells(x, window);
    const p = maximum(this.p, LEAST_EXPONENT);
    const powers = mul(log(atLeastEpsilon(cells.values)), p);
    // y doesn't depend on the unit that a window is measured in, so no gradient flows through it.
    const unit = mul(log(atLeastEpsilon(windowMax(x, window))), p).detach();
    const total = cells.sum(exp(sub(powers, cells.spread(unit))));
    return exp(div(add(log(div(total, cellCounts(x, window))), unit), p));
  }
}

function atLeastEpsilon(x: Tensor): Tensor {
  return add(relu(sub(x, EPSILON)), EPSILON);
}

export const gem: PoolStrategy = {
  summary: 'the power mean with a learned exponent (GeM)',
  formula: 'y = (Σ max(xᵢ, ε)ᵖ / |R|)^(1/p)',
  learns: 'p',
  source: 'Radenović et al., TPAMI 2018',
  create: ({ rank, ...options }) => new GemPool(rank, options),
};
