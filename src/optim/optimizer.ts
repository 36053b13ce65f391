/**
 * @file What all optimisers share: parameter groups, a settable learning rate, state per parameter, and saving it.
 */
import { ArgumentError } from '../errors.js';
import { Parameter } from '../tensor/parameter.js';
import { scope } from '../tensor/scope.js';
import type { Tensor } from '../tensor/tensor.js';
import { type OptimizerState, type ParameterState, restoreOptimizerState } from './optimizerState.js';

/** Numbers and switches of an optimiser; the learning rate is always among them. */
export interface Hyperparameters {
  readonly lr: number;
}

/** Parameters with options of their own; what isn't given is the optimiser's. */
export type ParameterGroupOptions<H extends Hyperparameters> = { readonly params: Iterable<Parameter> } & {
  readonly [K in keyof H]?: H[K] | undefined;
};

/** Parameters that are updated alike. */
export interface ParameterGroup<H extends Hyperparameters> {
  readonly params: readonly Parameter[];
  options: H;
  /** This group's learning rate is that of the optimiser times this. */
  readonly lrRatio: number;
}

/** A parameter, its gradient, and what is remembered of it: what an optimiser of one's own gets to `update`. */
export interface ParameterUpdate {
  readonly parameter: Parameter;
  readonly grad: Tensor;
  readonly state: ParameterState;
}

export abstract class Optimizer<H extends Hyperparameters = Hyperparameters> {
  readonly groups: readonly ParameterGroup<H>[];
  readonly #state = new Map<Parameter, ParameterState>();
  #lr: number;

  /** What messages and saved states call this optimiser; a class of one's own may override it against minifiers. */
  get name(): string {
    return this.constructor.name;
  }

  /**
   * @param params parameters, or groups of them: `[{ params: weights, weightDecay: 5e-4 }, { params: biases }]`
   * @throws ArgumentError if there are none, one is in two places, or an option is out of range
   */
  constructor(params: Iterable<Parameter> | Iterable<ParameterGroupOptions<H>>, defaults: H) {
    this.groups = groupsOf(this.name, params, defaults);
    this.#lr = defaults.lr;
    for (const group of this.groups) this.check(group.options);
  }

  /** The learning rate. Setting it scales that of every group alike. */
  get lr(): number {
    return this.#lr;
  }

  set lr(lr: number) {
    if (!(lr >= 0 && Number.isFinite(lr))) {
      throw new ArgumentError(`${this.name}: lr must be finite and at least 0, got ${lr}`);
    }
    this.#lr = lr;
    for (const group of this.groups) group.options = { ...group.options, lr: lr * group.lrRatio };
  }

  /** All parameters of all groups. */
  get parameters(): Parameter[] {
    return this.groups.flatMap((group) => group.params);
  }

  /** Updates every parameter that has a gradient. */
  step(): void {
    scope(() => {
      for (const { params, options } of this.groups) {
        for (const updates of this.#updatesByBackend(params)) this.update(updates, options);
      }
    });
  }

  /** Forgets all gradients and frees them. */
  zeroGrad(): void {
    for (const parameter of this.parameters) {
      parameter.grad?.dispose();
      parameter.grad = undefined;
    }
  }

  /** Everything that the next steps depend on besides weights and gradients: plain JSON, and tensors by name. */
  stateDict(): OptimizerState {
    const parameters = this.parameters;
    const tensors: Record<string, Tensor> = {};
    parameters.forEach((parameter, i) => {
      for (const [slot, value] of this.#state.get(parameter)?.slots ?? []) tensors[`${i}.${slot}`] = value.detach();
    });
    return {
      optimizer: this.name,
      lr: this.#lr,
      groups: this.groups.map(({ params, options }) => ({
        size: params.length,
        options: Object.fromEntries(Object.entries(options)),
      })),
      steps: parameters.map((parameter) => this.#state.get(parameter)?.step ?? 0),
      tensors,
    };
  }

  /**
   * Goes on where the optimiser that `state` is of stopped. Options come from `state` too.
   *
   * @throws ArgumentError if it is of another kind of optimiser, or of other parameters, or has options that this optimiser
   *   doesn't know or allow; nothing has changed then
   */
  loadStateDict(state: OptimizerState): void {
    checkRange(this.name, 'lr', state.lr, 0);
    const { states, options } = restoreOptimizerState(this.name, this.groups, state, (restored) =>
      this.check(restored),
    );
    for (const { slots } of this.#state.values()) for (const slot of slots.values()) slot.dispose();
    this.#state.clear();
    for (const [parameter, parameterState] of states) this.#state.set(parameter, parameterState);
    this.#lr = state.lr;
    this.groups.forEach((group, i) => {
      group.options = options[i] ?? group.options;
    });
  }

  /** Frees the state. */
  dispose(): void {
    for (const { slots } of this.#state.values()) for (const slot of slots.values()) slot.dispose();
    this.#state.clear();
  }

  /** Checks one group's options. */
  protected abstract check(options: H): void;

  /** Replaces the values of parameters of one backend, if possible in one go; the gradients stay as they are. */
  protected abstract update(updates: readonly ParameterUpdate[], options: H): void;

  /** Parameters that have a gradient, those of each backend together; counts their steps. */
  #updatesByBackend(parameters: readonly Parameter[]): Iterable<ParameterUpdate[]> {
    const byBackend = new Map<Tensor['kernels'], ParameterUpdate[]>();
    for (const parameter of parameters) {
      const { grad, kernels } = parameter;
      if (!grad) continue;
      const state = this.#stateOf(parameter);
      state.step += 1;
      const updates = byBackend.get(kernels) ?? [];
      updates.push({ parameter, grad, state });
      byBackend.set(kernels, updates);
    }
    return byBackend.values();
  }

  #stateOf(parameter: Parameter): ParameterState {
    const known = this.#state.get(parameter);
    if (known) return known;
    const state: ParameterState = { step: 0, slots: new Map() };
    this.#state.set(parameter, state);
    return state;
  }
}

/**
 * Throws unless `least ≤ value < limit`.
 *
 * @throws ArgumentError that names the optimiser and the option
 */
export function checkRange(optimizer: string, name: string, value: number, least: number, limit = Infinity): void {
  if (value >= least && value < limit) return;
  const range = limit === Infinity ? `finite and at least ${least}` : `at least ${least} and below ${limit}`;
  throw new ArgumentError(`${optimizer}: ${name} must be ${range}, got ${value}`);
}

function groupsOf<H extends Hyperparameters>(
  owner: string,
  params: Iterable<Parameter> | Iterable<ParameterGroupOptions<H>>,
  defaults: H,
): ParameterGroup<H>[] {
  const items = [...params];
  const plain = items.filter((item) => item instanceof Parameter);
  const given = items.filter((item): item is ParameterGroupOptions<H> => !(item instanceof Parameter));
  const groups = given.map(({ params: members, ...own }) => {
    const chosen = Object.entries(own).filter(([, value]) => value !== undefined);
    const options: H = { ...defaults, ...Object.fromEntries(chosen) };
    return { params: [...members], options, lrRatio: defaults.lr === 0 ? 1 : options.lr / defaults.lr };
  });
  if (plain.length > 0) groups.push({ params: plain, options: defaults, lrRatio: 1 });
  const all = groups.flatMap((group) => group.params);
  if (all.length === 0) throw new ArgumentError(`${owner}: got no parameters; pass model.parameters()`);
  if (new Set(all).size !== all.length) throw new ArgumentError(`${owner}: a parameter is given twice`);
  return groups;
}
