/**
 * @file Anti-aliased max pooling, MaxBlurPool (Zhang, "Making convolutional networks shift-invariant again", ICML 2019): max pooling
 * at every position, then a binomial blur before the stride.
 *
 *   m = max over the window at every position      y[i] = (m[i·s − 1] + 2 m[i·s] + m[i·s + 1]) / 4, on each axis with a stride
 *
 * Each position of m passes its share of the gradient to its maximal cell. Beyond the borders there is nothing to blur with, and
 * the rest weighs more, (2 m[0] + m[1]) / 3, where the published code reflects; so a constant gives the constant. Axes without a
 * stride aren't blurred.
 */
import { windowMean } from '../../ops/avgPool.js';
import { div, mul, reshape } from '../../ops/index.js';
import { poolWindow } from '../../ops/poolWindow.js';
import { tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { denseMax } from './denseMax.js';
import { labelOf, PoolLayer, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

/** Anti-aliased max pooling over one, two or three axes. */
export class BlurPool extends PoolLayer {
  override forward(x: Tensor): Tensor {
    const { rank } = this;
    const { map, strips } = denseMax(labelOf(this), x, windowOn(this, x));
    const stride = strips.geometry.stride.slice(3 - rank);
    if (stride.every((step) => step === 1)) return map;
    const padding = stride.map((step) => (step > 1 ? 1 : 0));
    const blurred = { kernelSize: padding.map((cells) => 2 * cells + 1), stride, padding };
    const weights = binomialWeights(map, stride);
    const mean = (cells: Tensor): Tensor => windowMean(cells, poolWindow(labelOf(this), cells, rank, blurred));
    return div(mean(mul(map, weights)), mean(weights));
  }
}

/** 2 at the positions that outputs are centred on, else 1, multiplied over the axes; `[1, ...spatial]`. */
function binomialWeights(map: Tensor, stride: readonly number[]): Tensor {
  const { dtype, backend } = map;
  const axes = stride.map((step, axis) => {
    const size = map.shape.at(axis - stride.length) ?? 1;
    const weights = Float32Array.from({ length: size }, (_, position) => (position % step === 0 ? 2 : 1));
    return reshape(tensor(weights, { dtype, backend }), [
      1,
      -1,
      ...new Array<number>(stride.length - 1 - axis).fill(1),
    ]);
  });
  return axes.reduce((product, weights) => mul(product, weights));
}

export const blur: PoolStrategy = {
  summary: 'dense max pooling, blurred before it is thinned out (anti-aliased)',
  formula: 'y = [1 2 1]/4 ∗ m at the stride, m the dense max',
  source: 'Zhang, ICML 2019',
  create: ({ rank, ...options }) => new BlurPool(rank, options),
};
