/**
 * @file Stochastic gradient descent with momentum: torch.optim.SGD's update.
 *
 *   g ← ∇ + λp      v ← μv + (1 − τ)g  (at first v ← g)      p ← p − η·v, or with Nesterov's look-ahead p ← p − η(g + μv)
 *
 * Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning" (ICML 2013).
 */
import { ArgumentError } from '../errors.js';
import { Parameter } from '../tensor/parameter.js';
import { checkRange, Optimizer, type ParameterGroupOptions, type ParameterUpdate } from './optimizer.js';
import { stateTensor } from './optimizerState.js';

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

  protected override update(updates: readonly ParameterUpdate[], options: SgdHyperparameters): void {
    const velocities = updates.map(({ state }) => (options.momentum > 0 ? state.slots.get('velocity') : undefined));
    const known = velocities.filter((velocity) => velocity !== undefined);
    const parameters = updates.map(({ parameter }) => parameter);
    Parameter.update([...parameters, ...known], (kernels, storages) => {
      const knownStorages = storages.slice(updates.length).values();
      const steps = updates.map(({ grad }, i) => ({
        parameter: storages[i]!,
        grad: grad.storage,
        velocity: velocities[i] && knownStorages.next().value,
      }));
      const results = kernels.sgdStep(steps, options);
      updates.forEach(({ grad, state }, i) => {
        const velocity = results[i]?.velocity;
        if (velocity && !velocities[i]) state.slots.set('velocity', stateTensor(grad.derive(velocity, grad.shape)));
      });
      const kept = results.flatMap(({ velocity }, i) => (velocity && velocities[i] ? [velocity] : []));
      return [...results.map(({ parameter }) => parameter), ...kept];
    });
  }
}
