/**
 * @file Gated max-average pooling (Lee, Gallagher and Tu, "Generalizing pooling functions in convolutional neural networks: mixed,
 * gated, and tree", AISTATS 2016): the window itself decides how much of the maximum it wants.
 *
 *   y = γ max xᵢ + (1 − γ) Σ xᵢ / |R| with γ = σ(Σ ωᵢxᵢ)
 *   ∂y/∂xᵢ = γ [i is the maximum] + (1 − γ) / |R| + γ (1 − γ) (max − mean) ωᵢ      ∂y/∂ωᵢ = γ (1 − γ) (max − mean) xᵢ
 *
 * ω has the window's shape, one for the layer, shared by all channels; it begins at 0, where γ = 1/2. Padding adds nothing to the
 * gate.
 */
import { windowMean } from '../../ops/avgPool.js';
import { add, mul, reshape, sigmoid, sub } from '../../ops/index.js';
import { windowMax } from '../../ops/maxPool.js';
import type { PoolWindow } from '../../ops/poolWindow.js';
import { windowConv } from '../../ops/windowConv.js';
import { zeros } from '../../tensor/create.js';
import type { Parameter } from '../../tensor/parameter.js';
import type { Tensor } from '../../tensor/tensor.js';
import { ownedParameter } from '../owned.js';
import type { Rank } from '../rank.js';
import { kernelOf, PoolLayer, type PoolLayerOptions, windowOn } from './poolLayer.js';
import type { PoolStrategy } from './poolStrategy.js';

/** Gated max-average pooling over one, two or three axes. */
export class GatedPool extends PoolLayer {
  /** ω, `[1, 1, ...kernel]`. */
  readonly weight: Parameter;

  constructor(rank: Rank, options: PoolLayerOptions) {
    super(rank, options);
    this.weight = ownedParameter(zeros([1, 1, ...kernelOf(this)]));
  }

  override forward(x: Tensor): Tensor {
    const window = windowOn(this, x);
    const mean = windowMean(x, window);
    const gate = sigmoid(dotOfWindows(x, this.weight, window));
    return add(mean, mul(gate, sub(windowMax(x, window), mean)));
  }
}

/** Σ ωᵢxᵢ over each window: every plane is an image of one channel. */
function dotOfWindows(x: Tensor, weight: Tensor, window: PoolWindow): Tensor {
  const planes = reshape(x, [window.geometry.planes, 1, ...x.shape.slice(-window.rank)]);
  return reshape(windowConv(planes, weight, window), window.y);
}

export const gated: PoolStrategy = {
  summary: 'maximum and mean, mixed by a learned gate that sees the window',
  formula: 'y = γ max xᵢ + (1 − γ) Σ xᵢ / |R|, γ = σ(Σ ωᵢxᵢ)',
  learns: 'ω of the window’s shape',
  source: 'Lee et al., AISTATS 2016',
  create: ({ rank, ...options }) => new GatedPool(rank, options),
};
