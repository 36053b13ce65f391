/**
 * @file What an optimiser remembers, and how it is saved and brought back.
 */
import { ArgumentError } from '../errors.js';
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

/**
 * The states of the groups' parameters according to `saved`, all checked before any is made.
 *
 * @throws ArgumentError if it doesn't belong to this optimiser or these parameters
 */
export function assignOptimizerState(
  owner: string,
  groups: readonly { readonly params: readonly Parameter[] }[],
  saved: OptimizerState,
): Map<Parameter, ParameterState> {
  const sizes = groups.map((group) => group.params.length);
  const savedSizes = saved.groups.map((group) => group.size);
  if (saved.optimizer !== owner) {
    throw new ArgumentError(`loadStateDict: ${owner} can't take the state of ${saved.optimizer}`);
  }
  if (!sameShape(sizes, savedSizes)) {
    throw new ArgumentError(`loadStateDict: groups of [${sizes}] parameters can't take those of [${savedSizes}]`);
  }
  const parameters = groups.flatMap((group) => group.params);
  const entries = Object.entries(saved.tensors).map(([name, tensor]) => {
    const [index, slot] = name.split('.');
    const parameter = parameters[Number(index)];
    if (!parameter || slot === undefined || !sameShape(parameter.shape, tensor.shape)) {
      const expected = parameter ? `shape [${parameter.shape}]` : `one of ${parameters.length} parameters`;
      throw new ArgumentError(`loadStateDict: ${name} [${tensor.shape}] doesn't fit, expected ${expected}`);
    }
    return { parameter, slot, tensor };
  });
  const states = new Map<Parameter, ParameterState>();
  parameters.forEach((parameter, i) => {
    const step = saved.steps[i] ?? 0;
    if (step > 0) states.set(parameter, { step, slots: new Map() });
  });
  for (const { parameter, slot, tensor } of entries) {
    states.get(parameter)?.slots.set(slot, new Parameter(tensor, { requiresGrad: false }));
  }
  return states;
}
