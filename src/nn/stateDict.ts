/**
 * @file Weights by name, and how they get into a module.
 */
import { ArgumentError, shorten } from '../errors.js';
import type { Parameter } from '../tensor/parameter.js';
import { sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';

/** Tensors under PyTorch's names. */
export type StateDict = Record<string, Tensor>;

export interface LoadOptions {
  /** Whether missing and unexpected names are errors. Default true. */
  readonly strict?: boolean;
}

/** What didn't match under `strict: false`. */
export interface LoadResult {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

/** PyTorch counts the batches that a batch norm has seen; with a fixed momentum nothing depends on it. */
const IGNORED = /(^|\.)num_batches_tracked$/;

/** How many names an error lists. */
const MENTIONED = 8;

/**
 * Assigns the entries of `dict` to the values of the same names, after all were checked.
 *
 * @throws ArgumentError that names missing, unexpected and mis-shaped entries
 */
export function assignState(
  owner: string,
  state: readonly (readonly [name: string, value: Parameter])[],
  dict: StateDict,
  { strict = true }: LoadOptions,
): LoadResult {
  const known = new Set(state.map(([name]) => name));
  const given = new Map(Object.entries(dict));
  const missing = [...known].filter((name) => !given.has(name));
  const unexpected = [...given.keys()].filter((name) => !known.has(name) && !IGNORED.test(name));
  const misfits = state.flatMap(([name, value]) => misfit(name, value, given.get(name)));
  const complaints = [
    ...(strict ? [list('missing', missing), list('unexpected', unexpected)] : []),
    list('mis-shaped', misfits),
  ].filter((complaint) => complaint !== '');
  if (complaints.length > 0) throw new ArgumentError(`loadStateDict: ${owner} has ${complaints.join('; ')}`);
  for (const [name, value] of state) {
    const tensor = given.get(name);
    if (tensor) value.assign(tensor);
  }
  return { missing, unexpected };
}

/** Why a tensor can't become the value of a parameter. */
function misfit(name: string, value: Parameter, tensor: Tensor | undefined): string[] {
  if (!tensor) return [];
  if (!sameShape(tensor.shape, value.shape))
    return [`${name} [${value.shape}], given [${shorten(tensor.shape.join())}]`];
  if (tensor.kernels !== value.kernels || tensor.dtype !== value.dtype) {
    return [`${name} (${value.dtype} on ${value.backend}), given ${tensor.dtype} on ${tensor.backend}`];
  }
  return [];
}

function list(kind: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > MENTIONED ? ` and ${names.length - MENTIONED} more` : '';
  return `${names.length} ${kind}: ${names
    .slice(0, MENTIONED)
    .map((name) => shorten(name))
    .join(', ')}${more}`;
}
