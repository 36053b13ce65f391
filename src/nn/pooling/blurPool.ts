/**
 * @file Anti-aliased max pooling, MaxBlurPool (Zhang, "Making convolutional networks shift-invariant again", ICML 2019): max pooling
 * at every position, then a binomial blur before the stride.
 *
 *   m = max over the window at every position      y[i] = (m[i·s − 1] + 2 m[i·s] + m[i·s + 1]) / 4, on each axis with a stride
 *
 * Each position of m passes its share of the gradient to its maximal cell. At the borders the nearest position stands in for the
 * missing one, where the published code reflects; so a constant gives the constant. The blur [1, 2, 1]/4 is two means of
 * two neighbours in a row, and is computed so. Axes without a stride aren't blurred.
 */
import { windowMean } from '../../ops/avgPool.js';
import { poolWindow } from '../../ops/poolWindow.js';
import type { Tensor } from '../../tensor/tensor.js';
import { denseMax } from './denseMax.js';
import { labelOf, PoolLayer, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

/** Anti-aliased max pooling over one, two or three axes. */
export class BlurPool extends PoolLayer {
  override forward(x: Tensor): Tensor {
    const { map, strips } = denseMax(labelOf(this), x, windowOn(this, x));
    const stride = strips.geometry.stride.slice(3 - this.rank);
    if (stride.every((step) => step === 1)) return map;
    const pair = stride.map((step) => (step > 1 ? 2 : 1));
    const first = { kernelSize: pair, stride: 1, padding: pair.map((size) => size - 1) };
    const means = windowMean(map, poolWindow(labelOf(this), map, this.rank, first));
    return windowMean(means, poolWindow(labelOf(this), means, this.rank, { kernelSize: pair, stride }));
  }
}

export const blur: PoolStrategy = {
  summary: 'dense max pooling, blurred before it is thinned out (anti-aliased)',
  formula: 'y = [1 2 1]/4 ∗ m at the stride, m the dense max',
  source: 'Zhang, ICML 2019',
  create: ({ rank, ...options }) => new BlurPool(rank, options),
};
