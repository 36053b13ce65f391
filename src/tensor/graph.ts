/**
 * @file The autograd graph: what an operation leaves behind, and how gradients travel back through it.
 *
 * Reverse mode. A node holds its operation's inputs and its vjp (vector-Jacobian product): given the cotangents ∂L/∂output, it
 * returns ∂L/∂input for every input. Nodes are numbered as they are made, so descending numbers are a topological order and
 * the traversal needs no recursion.
 */
import { GradientError, ShapeError } from '../errors.js';
import { isGradEnabled, withGradMode } from './gradMode.js';
import { handOver, keep, scope } from './scope.js';
import { sameShape } from './shape.js';
import type { Tensor } from './tensor.js';

/** A gradient for one input: none, a tensor, or the way to make it, called only where it is needed. */
export type Gradient = Tensor | undefined | (() => Tensor | undefined);

/** Maps the outputs' cotangents (undefined: nothing arrived there) to one gradient per input. */
export type Vjp = (cotangents: readonly (Tensor | undefined)[]) => readonly Gradient[];

export interface BackwardOptions {
  /** The cotangent to start from; a scalar starts from 1. */
  readonly gradient?: Tensor | undefined;
  /** Keep the graph, so that it can be traversed again. Default: `createGraph`. */
  readonly retainGraph?: boolean | undefined;
  /** Record the backward pass too, so that gradients can be differentiated. Default false. */
  readonly createGraph?: boolean | undefined;
}

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

  /** One gradient per input, computed only where the input requires it. */
  pullBack(cotangents: readonly (Tensor | undefined)[]): (Tensor | undefined)[] {
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
      if (!input?.requiresGrad) return undefined;
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

/**
 * Adds ∂output/∂leaf to the `.grad` of every leaf that requires it.
 *
 * @throws GradientError if nothing requires a gradient, or a non-scalar has no starting cotangent
 */
export function backward(output: Tensor, options: BackwardOptions = {}): void {
  const createGraph = options.createGraph ?? false;
  const accumulate = (leaf: Tensor, gradient: Tensor): void => {
    const total = leaf.grad ? sumOf(leaf.grad, gradient) : gradient;
    leaf.grad = keep(total === gradient && !createGraph ? gradient.alias() : total);
  };
  propagate([output], [options.gradient], options, (leaf) => (leaf.node ? undefined : accumulate));
}

/**
 * ∂output/∂input for each of `inputs`, without touching any `.grad`; zeros where the output doesn't depend on the input.
 *
 * @throws GradientError if the output has no graph, or a non-scalar has no starting cotangent
 */
export function gradients(output: Tensor, inputs: readonly Tensor[], options: BackwardOptions = {}): Tensor[] {
  return vjp([output], [options.gradient], inputs, options);
}

/** The gradients of several outputs at once, each with its cotangent. */
export function vjp(
  outputs: readonly Tensor[],
  cotangents: readonly (Tensor | undefined)[],
  inputs: readonly Tensor[],
  options: BackwardOptions = {},
): Tensor[] {
  const found = new Map<Tensor, Tensor>();
  const collect = (input: Tensor, gradient: Tensor): void => {
    found.set(input, options.createGraph ? gradient : keep(gradient.alias()));
  };
  propagate(outputs, cotangents, options, (tensor) => (inputs.includes(tensor) ? collect : undefined));
  return inputs.map((input) => {
    const gradient = found.get(input);
    return gradient ? handOver(gradient) : input.filled(0);
  });
}

type Sink = (tensor: Tensor, gradient: Tensor) => void;

/** Sends cotangents backwards and hands the total of each tensor that has a sink to it. */
function propagate(
  outputs: readonly Tensor[],
  starts: readonly (Tensor | undefined)[],
  options: BackwardOptions,
  sinkOf: (tensor: Tensor) => Sink | undefined,
): void {
  const createGraph = options.createGraph ?? false;
  const retainGraph = options.retainGraph ?? createGraph;
  const pending = new Cotangents(createGraph);
  outputs.forEach((output, i) => {
    if (!output.requiresGrad) {
      throw new GradientError('backward: the output depends on no tensor that requires a gradient');
    }
    pending.add(output, starts[i] ?? initialCotangent(output));
  });
  const run = (): void => {
    for (const node of nodesBehind(outputs)) {
      const step = (): void => {
        const arrived = pending.take(node);
        if (!arrived) return;
        for (const [tensor, gradient] of arrived.totals) sinkOf(tensor)?.(tensor, gradient);
        const gradients = node.pullBack(arrived.cotangents);
        node.inputs.forEach((input, i) => {
          const gradient = gradients[i];
          if (input && gradient) pending.add(input, gradient);
        });
        arrived.dispose();
      };
      if (createGraph) step();
      else scope(step);
      if (!retainGraph) node.release();
    }
    pending.drainLeaves((leaf, gradient) => sinkOf(leaf)?.(leaf, gradient));
  };
  withGradMode(createGraph && isGradEnabled(), run);
}

/** What has arrived for each tensor so far. */
class Cotangents {
  readonly #byNode = new Map<GraphNode, Map<Tensor, Tensor>>();
  readonly #leaves = new Map<Tensor, Tensor>();
  readonly #createGraph: boolean;

  constructor(createGraph: boolean) {
    this.#createGraph = createGraph;
  }

  add(tensor: Tensor, gradient: Tensor): void {
    const totals = tensor.node ? this.#totalsOf(tensor.node) : this.#leaves;
    const before = totals.get(tensor);
    if (this.#createGraph) {
      totals.set(tensor, before ? sumOf(before, gradient) : gradient);
      return;
    }
    totals.set(tensor, keep(before ? sumOf(before, gradient) : gradient.alias()));
    before?.dispose();
  }

  take(node: GraphNode): Arrived | undefined {
    const totals = this.#byNode.get(node);
    if (!totals) return undefined;
    this.#byNode.delete(node);
    return new Arrived(totals, this.#createGraph);
  }

  drainLeaves(sink: Sink): void {
    for (const [leaf, total] of this.#leaves) {
      sink(leaf, total);
      if (!this.#createGraph) total.dispose();
    }
  }

  #totalsOf(node: GraphNode): Map<Tensor, Tensor> {
    const totals = this.#byNode.get(node) ?? new Map<Tensor, Tensor>();
    this.#byNode.set(node, totals);
    return totals;
  }
}

/** The complete cotangents of one node's outputs. */
class Arrived {
  readonly totals: ReadonlyMap<Tensor, Tensor>;
  readonly cotangents: readonly (Tensor | undefined)[];
  readonly #createGraph: boolean;

  constructor(totals: ReadonlyMap<Tensor, Tensor>, createGraph: boolean) {
    this.totals = totals;
    this.#createGraph = createGraph;
    const cotangents: (Tensor | undefined)[] = [];
    for (const [tensor, total] of totals) cotangents[tensor.outputIndex] = total;
    this.cotangents = cotangents;
  }

  dispose(): void {
    if (this.#createGraph) return;
    for (const total of this.totals.values()) total.dispose();
  }
}

/** Every node that the outputs depend on, newest first. */
function nodesBehind(outputs: readonly Tensor[]): GraphNode[] {
  const nodes = new Set<GraphNode>();
  const pending = outputs.map((output) => output.node);
  while (pending.length > 0) {
    const node = pending.pop();
    if (!node || nodes.has(node)) continue;
    nodes.add(node);
    for (const input of node.inputs) if (input?.node) pending.push(input.node);
  }
  return [...nodes].sort((a, b) => b.id - a.id);
}

function initialCotangent(output: Tensor): Tensor {
  if (output.size !== 1) {
    throw new GradientError(
      `backward: the output has shape [${output.shape}]; reduce it to a scalar first, or pass { gradient }`,
    );
  }
  return output.filled(1);
}

/** a + b, recorded like any operation where recording is on. Its vjp hands the cotangent to both. */
function sumOf(a: Tensor, b: Tensor): Tensor {
  const layout = { shape: [a.size], stridesA: [1], stridesB: [1] };
  const node =
    isGradEnabled() && (a.requiresGrad || b.requiresGrad)
      ? new GraphNode('sumOfCotangents', [a, b], ([cotangent]) => [cotangent, cotangent])
      : undefined;
  return a.derive(a.kernels.binary('add', a.storage, b.storage, layout, 0), a.shape, node);
}
