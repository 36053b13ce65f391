/**
 * @file One recorded call of an operation.
 *
 * A node holds its operation's inputs and its vjp (vector-Jacobian product): given the cotangents ∂L/∂output, it returns ∂L/∂input
 * for every input. Nodes are numbered as they are made, so descending numbers are a topological order.
 */
import { GradientError, ShapeError } from '../errors.js';
import { sameShape } from './shape.js';
import type { Tensor } from './tensor.js';

/** A gradient for one input: none, a tensor, or the way to make it, called only where it is needed. */
export type Gradient = Tensor | undefined | (() => Tensor | undefined);

/** Maps the outputs' cotangents (undefined: nothing arrived there) to one gradient per input. */
export type Vjp = (cotangents: readonly (Tensor | undefined)[]) => readonly Gradient[];

let nodeCount = 0;

/** One recorded call of an operation. */
export class GraphNode {
  readonly id = nodeCount++;
  readonly operation: string;
  readonly inputs: readonly (Tensor | undefined)[];
  readonly #versions: readonly number[];
  #vjp: Vjp | undefined;
  #outputs: readonly Tensor[] = [];

  constructor(operation: string, inputs: readonly (Tensor | undefined)[], vjp: Vjp) {
    this.operation = operation;
    this.inputs = inputs;
    this.#versions = inputs.map((input) => input?.version ?? 0);
    this.#vjp = vjp;
  }

  /** The tensors made by this call; the vjp may read them. */
  attach(outputs: readonly Tensor[]): void {
    this.#outputs = outputs;
  }

  /** The tensors that must stay alive for a backward pass. */
  keeps(): readonly (Tensor | undefined)[] {
    return this.#vjp ? [...this.inputs, ...this.#outputs] : [];
  }

  /** One gradient per input, computed only where it is wanted. */
  pullBack(cotangents: readonly (Tensor | undefined)[], isWanted: (input: Tensor) => boolean): (Tensor | undefined)[] {
    if (!this.#vjp) {
      throw new GradientError(
        `backward: the graph of ${this.operation} was already freed; pass { retainGraph: true } to the first backward()`,
      );
    }
    this.inputs.forEach((input, i) => {
      if (input && input.version !== this.#versions[i]) {
        throw new GradientError(
          `backward: an input of ${this.operation} was replaced (by optimizer.step() or loadStateDict()) after the forward pass; call backward() before it`,
        );
      }
    });
    const gradients = this.#vjp(cotangents);
    return this.inputs.map((input, i) => {
      if (!input || !isWanted(input)) return undefined;
      const gradient = gradients[i];
      const tensor = typeof gradient === 'function' ? gradient() : gradient;
      if (tensor && !sameShape(tensor.shape, input.shape)) {
        throw new ShapeError(
          `${this.operation}: its vjp returned shape [${tensor.shape}] for input ${i} of shape [${input.shape}]`,
        );
      }
      return tensor;
    });
  }

  /** Forgets what only the backward pass needs. */
  release(): void {
    this.#vjp = undefined;
    this.#outputs = [];
  }
}
