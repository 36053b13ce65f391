/**
 * @file What an optimiser remembers, and how it is saved and brought back.
 */
import { ArgumentError, shorten } from '../errors.js';
import { Parameter } from '../tensor/parameter.js';
import { sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';

/** What is remembered of one parameter. */
export interface ParameterState {
  /** Updates so far. */
  step: number;
  /** Tensors of the parameter's shape: `velocity`, or `first` and `second` moment. */
  readonly slots: Map<string, Parameter>;
}

/** An optimiser's state; everything but `tensors` is plain JSON. */
export interface OptimizerState {
  readonly optimizer: string;
  readonly lr: number;
  readonly groups: readonly {
    readonly size: number;
    readonly options: Readonly<Record<string, number | boolean>>;
  }[];
  /** Updates of each parameter, in the order of the groups. */
  readonly steps: readonly number[];
  /** `<number of the parameter>.<slot>`, such as `12.velocity`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** A tensor that an optimiser keeps between steps; takes over `initial`. */
export function stateTensor(initial: Tensor): Parameter {
  const kept = new Parameter(initial, { requiresGrad: false });
  initial.dispose();
  return kept;
}

/** What an optimiser goes on with. */
export interface RestoredState<H> {
  readonly states: Map<Parameter, ParameterState>;
  /** Of each group. */
  readonly options: readonly H[];
}

/**
 * Options and states of the groups according to `saved`, all checked before any tensor is made.
 *
 * @throws ArgumentError if it doesn't belong to this optimiser or these parameters, or has an option that isn't known or finite
 */
export function restoreOptimizerState<H extends object>(
  owner: string,
  groups: readonly { readonly params: readonly Parameter[]; readonly options: H }[],
  saved: OptimizerState,
  check: (options: H) => void,
): RestoredState<H> {
  const sizes = groups.map((group) => group.params.length);
  const savedSizes = saved.groups.map((group) => group.size);
  if (saved.optimizer !== owner) {
    throw new ArgumentError(`loadStateDict: ${owner} can't take the state of ${shorten(saved.optimizer)}`);
  }
  if (!sameShape(sizes, savedSizes)) {
    const given = shorten(savedSizes.join());
    throw new ArgumentError(`loadStateDict: groups of [${sizes}] parameters can't take those of [${given}]`);
  }
  const options = groups.map((group, i) => restoreOptions(owner, group.options, saved.groups[i]?.options ?? {}));
  for (const restored of options) check(restored);
  const states = restoreParameters(
    groups.flatMap((group) => group.params),
    saved,
  );
  return { states, options };
}

/** The options with the saved ones in their places. */
function restoreOptions<H extends object>(owner: string, own: H, saved: Readonly<Record<string, unknown>>): H {
  const known = new Map<string, unknown>(Object.entries(own));
  for (const [name, value] of Object.entries(saved)) {
    const expected = typeof known.get(name);
    if (known.has(name) && typeof value === expected && (expected !== 'number' || Number.isFinite(value))) continue;
    const rule = known.has(name) ? `${name} must be a finite ${expected}` : `it knows ${[...known.keys()].join(', ')}`;
    throw new ArgumentError(`loadStateDict: ${owner} can't take the option ${shorten(name)} = ${value}; ${rule}`);
  }
  return { ...own, ...saved };
}

function restoreParameters(parameters: readonly Parameter[], saved: OptimizerState): Map<Parameter, ParameterState> {
  if (saved.steps.length !== parameters.length) {
    throw new ArgumentError(`loadStateDict: ${saved.steps.length} counts of steps for ${parameters.length} parameters`);
  }
  const entries = Object.entries(saved.tensors).map(([name, tensor]) => {
    const { index, slot } = /^(?<index>0|[1-9]\d*)\.(?<slot>.+)$/s.exec(name)?.groups ?? {};
    const parameter = index === undefined ? undefined : parameters[Number(index)];
    if (!parameter || slot === undefined || !sameShape(parameter.shape, tensor.shape)) {
      const expected = parameter ? `shape [${parameter.shape}]` : `one of ${parameters.length} parameters`;
      const given = `${shorten(name)} [${shorten(tensor.shape.join())}]`;
      throw new ArgumentError(`loadStateDict: ${given} doesn't fit, expected ${expected}`);
    }
    return { parameter, slot, tensor };
  });
  const states = new Map<Parameter, ParameterState>();
  for (const [i, step] of saved.steps.entries()) {
    const parameter = parameters[i];
    if (parameter && step > 0) states.set(parameter, { step, slots: new Map() });
  }
  for (const { parameter, slot, tensor } of entries) {
    // A parameter that was never updated keeps nothing.
    const slots = states.get(parameter)?.slots;
    slots?.set(slot, new Parameter(tensor, { requiresGrad: false }));
  }
  return states;
}
