/**
 * @file Adam (Kingma and Ba, ICLR 2015) and AdamW (Loshchilov and Hutter, ICLR 2019): torch.optim's updates.
 *
 *   m ← β₁m + (1 − β₁)g      v ← β₂v + (1 − β₂)g²      p ← p − η · m̂ / (√v̂ + ε),  m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)
 *
 * Weight decay λ is added to the gradient in Adam, and subtracted from the weight (p ← p − ηλp) in AdamW.
 */
import { Parameter } from '../tensor/parameter.js';
import { checkRange, Optimizer, type ParameterGroupOptions, type ParameterUpdate } from './optimizer.js';
import { stateTensor } from './optimizerState.js';

export interface AdamOptions {
  /** Learning rate η. Default 0.001. */
  readonly lr?: number;
  /** Decay of the mean gradient. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean squared gradient. Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly eps?: number;
  /** λ. Default 0 in Adam, 0.01 in AdamW. */
  readonly weightDecay?: number;
}

type AdamHyperparameters = Required<AdamOptions>;
/** What one step depends on. */
interface StepHyperparameters extends AdamHyperparameters {
  readonly decoupled: boolean;
  readonly step: number;
}

type AdamParameters = Iterable<Parameter> | Iterable<ParameterGroupOptions<AdamHyperparameters>>;

const DEFAULTS: AdamHyperparameters = { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0 };

export class Adam extends Optimizer<AdamHyperparameters> {
  override get name(): string {
    return 'Adam';
  }

  /** Whether weight decay acts on the weight instead of the gradient. */
  protected get decoupled(): boolean {
    return false;
  }

  /** @throws ArgumentError if an option is out of range */
  constructor(params: AdamParameters, options: AdamOptions = {}) {
    super(params, { ...DEFAULTS, ...options });
  }

  protected override check({ lr, beta1, beta2, eps, weightDecay }: AdamHyperparameters): void {
    const { name } = this;
    checkRange(name, 'lr', lr, 0);
    checkRange(name, 'beta1', beta1, 0, 1);
    checkRange(name, 'beta2', beta2, 0, 1);
    checkRange(name, 'eps', eps, 0);
    checkRange(name, 'weightDecay', weightDecay, 0);
  }

  protected override update(updates: readonly ParameterUpdate[], options: AdamHyperparameters): void {
    const byStep = new Map<number, ParameterUpdate[]>();
    for (const update of updates) {
      const { step } = update.state;
      byStep.set(step, [...(byStep.get(step) ?? []), update]);
    }
    for (const [step, alike] of byStep) this.#updateAlike(alike, { ...options, decoupled: this.decoupled, step });
  }

  /** Updates parameters that have made the same number of steps. */
  #updateAlike(updates: readonly ParameterUpdate[], options: StepHyperparameters): void {
    const moment = ({ grad, state: { slots } }: ParameterUpdate, name: 'first' | 'second'): Parameter => {
      const kept = slots.get(name) ?? stateTensor(grad.filled(0));
      slots.set(name, kept);
      return kept;
    };
    const kept = updates.map((update) => [update.parameter, moment(update, 'first'), moment(update, 'second')]);
    Parameter.update(kept.flat(), (kernels, storages) => {
      const steps = updates.map(({ grad }, i) => {
        const [parameter, first, second] = storages.slice(3 * i);
        return { parameter: parameter!, grad: grad.storage, first: first!, second: second! };
      });
      return kernels.adamStep(steps, options).flatMap(({ parameter, first, second }) => [parameter, first, second]);
    });
  }
}

/** Adam with weight decay that doesn't pass through the moments; λ is 0.01 unless given. */
export class AdamW extends Adam {
  override get name(): string {
    return 'AdamW';
  }

  protected override get decoupled(): boolean {
    return true;
  }

  constructor(params: AdamParameters, options: AdamOptions = {}) {
    super(params, { weightDecay: 0.01, ...options });
  }
}
