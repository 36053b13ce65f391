/**
 * @file Stochastic gradient descent with momentum: torch.optim.SGD's update.
 *
 *   g ← ∇ + λp      v ← μv + (1 − τ)g  (at first v ← g)      p ← p − η·v, or with Nesterov's look-ahead p ← p − η(g + μv)
 *
 * Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning" (ICML 2013).
 */
import { ArgumentError } from '../errors.js';
import { Parameter } from '../tensor/parameter.js';
import type { Tensor } from '../tensor/tensor.js';
import { checkRange, Optimizer, type ParameterGroupOptions } from './optimizer.js';
import { type ParameterState, stateTensor } from './optimizerState.js';

export interface SgdOptions {
  /** Learning rate η. */
  readonly lr: number;
  /** μ. Default 0. */
  readonly momentum?: number;
  /** τ. Default 0. */
  readonly dampening?: number;
  /** λ, added to the gradient. Default 0. */
  readonly weightDecay?: number;
  /** Default false. */
  readonly nesterov?: boolean;
}

type SgdHyperparameters = Required<SgdOptions>;

export class SGD extends Optimizer<SgdHyperparameters> {
  override get name(): string {
    return 'SGD';
  }

  /** @throws ArgumentError if an option is out of range, or Nesterov's momentum lacks momentum or has dampening */
  constructor(params: Iterable<Parameter> | Iterable<ParameterGroupOptions<SgdHyperparameters>>, options: SgdOptions) {
    super(params, { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, ...options });
  }

  protected override check({ lr, momentum, dampening, weightDecay, nesterov }: SgdHyperparameters): void {
    checkRange('SGD', 'lr', lr, 0);
    checkRange('SGD', 'momentum', momentum, 0);
    checkRange('SGD', 'weightDecay', weightDecay, 0);
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new ArgumentError(
        `SGD: nesterov needs momentum above 0 and no dampening, got momentum ${momentum}, dampening ${dampening}`,
      );
    }
  }

  protected override update(
    parameter: Parameter,
    grad: Tensor,
    options: SgdHyperparameters,
    { slots }: ParameterState,
  ): void {
    const velocity = options.momentum > 0 ? slots.get('velocity') : undefined;
    if (velocity) {
      Parameter.update([parameter, velocity], (kernels, [value, v]) => {
        const next = kernels.sgdStep(value!, grad.storage, v, options);
        return next.velocity ? [next.parameter, next.velocity] : [next.parameter];
      });
      return;
    }
    Parameter.update([parameter], (kernels, [value]) => {
      const next = kernels.sgdStep(value!, grad.storage, undefined, options);
      if (next.velocity) slots.set('velocity', stateTensor(grad.derive(next.velocity, grad.shape)));
      return [next.parameter];
    });
  }
}
