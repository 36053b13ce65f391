/**
 * @file What an operation is: a shape rule, a forward kernel and a vjp, side by side.
 *
 * The vjp (vector-Jacobian product) takes the cotangent ∂L/∂output and returns ∂L/∂input for every input, written in
 * operations, so that gradients can be differentiated again. A gradient that costs something is written as `() => …` and
 * computed only where the input requires it.
 */
import { BackendError } from '../errors.js';
import type { Kernels, Storage } from '../kernels/kernels.js';
import { isGradEnabled } from '../tensor/gradMode.js';
import { type Gradient, GraphNode, type Vjp } from '../tensor/graphNode.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { reportOperation } from './observeOperations.js';

/** The tensors an operation is called with; optional ones may be absent. The first is always there. */
export type Inputs = readonly [Tensor, ...(Tensor | undefined)[]];

/** What a vjp may look at. */
export interface OpContext<I extends Inputs, A> {
  readonly inputs: I;
  readonly output: Tensor;
  readonly attributes: A;
}

export interface OpDefinition<I extends Inputs, A> {
  /** Stands in messages and in the graph. */
  readonly name: string;
  /** The output's shape; throws if the inputs don't fit. */
  readonly shape: (inputs: I, attributes: A) => Shape;
  /** Calls the kernel. */
  readonly forward: (kernels: Kernels, inputs: I, attributes: A, shape: Shape) => Storage;
  /** One gradient per input; `undefined` for one that has none. */
  readonly vjp: (cotangent: Tensor, context: OpContext<I, A>) => readonly Gradient[];
}

/** A defined operation, called with its inputs and attributes. */
export type Op<I extends Inputs, A = undefined> = (inputs: I, attributes: A) => Tensor;

/** The same with several outputs, for kernels that compute several things in one pass. */
export interface MultiOpDefinition<I extends Inputs, A, Name extends string> {
  readonly name: string;
  readonly shapes: (inputs: I, attributes: A) => Readonly<Record<Name, Shape>>;
  readonly forward: (kernels: Kernels, inputs: I, attributes: A) => Readonly<Record<Name, Storage>>;
  /** A cotangent is undefined where nothing depends on that output. */
  readonly vjp: (
    cotangents: Partial<Record<Name, Tensor>>,
    context: { readonly inputs: I; readonly outputs: Readonly<Record<Name, Tensor>>; readonly attributes: A },
  ) => readonly Gradient[];
}

/** Makes the function that runs an operation and records it where a gradient may be asked for. */
export function defineOp<I extends Inputs, A = undefined>(definition: OpDefinition<I, A>): Op<I, A> {
  return (inputs, attributes) => {
    const kernels = commonKernels(definition.name, inputs);
    const shape = definition.shape(inputs, attributes);
    const storage = definition.forward(kernels, inputs, attributes, shape);
    const node = record(definition.name, inputs, ([cotangent]) =>
      cotangent ? definition.vjp(cotangent, { inputs, output, attributes }) : [],
    );
    const output = inputs[0].derive(storage, shape, node);
    node?.attach([output]);
    reportOperation({ operation: definition.name, inputs, attributes, outputs: [output] });
    return output;
  };
}

/** The same for several outputs. */
export function defineMultiOp<I extends Inputs, A, Name extends string>(
  names: readonly Name[],
  definition: MultiOpDefinition<I, A, Name>,
): (inputs: I, attributes: A) => Record<Name, Tensor> {
  return (inputs, attributes) => {
    const kernels = commonKernels(definition.name, inputs);
    const shapes = definition.shapes(inputs, attributes);
    const storages = definition.forward(kernels, inputs, attributes);
    const node = record(definition.name, inputs, (cotangents) =>
      definition.vjp(
        named(names, (_, i) => cotangents[i]),
        { inputs, outputs, attributes },
      ),
    );
    const outputs = named(names, (name, i) => inputs[0].derive(storages[name], shapes[name], node, i));
    const inOrder = names.map((name) => outputs[name]);
    node?.attach(inOrder);
    reportOperation({ operation: definition.name, inputs, attributes, outputs: inOrder });
    return outputs;
  };
}

/** A node for this call, unless nothing will ask for its gradient. */
export function record(name: string, inputs: Inputs, vjp: Vjp): GraphNode | undefined {
  if (!isGradEnabled() || !inputs.some((input) => input?.requiresGrad)) return undefined;
  return new GraphNode(name, inputs, vjp);
}

/**
 * The backend that all inputs live on.
 *
 * @throws BackendError if they live on two, or differ in dtype
 */
function commonKernels(name: string, inputs: Inputs): Kernels {
  const [first] = inputs;
  for (const input of inputs) {
    if (!input) continue;
    if (input.kernels !== first.kernels) {
      throw new BackendError(
        `${name}: inputs live on two backends, ${describe(first)} and ${describe(input)}; move one with await t.to('${first.backend}')`,
      );
    }
    if (input.dtype !== first.dtype) {
      throw new BackendError(
        `${name}: inputs have two dtypes, ${first.dtype} and ${input.dtype}; convert one with await t.to({ dtype: '${first.dtype}' })`,
      );
    }
  }
  return first.kernels;
}

function describe(tensor: Tensor): string {
  return tensor.kernels.info().description;
}

function named<Name extends string, V>(names: readonly Name[], value: (name: Name, i: number) => V): Record<Name, V> {
  return Object.fromEntries(names.map((name, i) => [name, value(name, i)])) as Record<Name, V>;
}
