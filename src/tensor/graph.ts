/**
 * @file The autograd graph: how gradients travel back through it, in reverse mode and without recursion.
 */
import { GradientError, ShapeError } from '../errors.js';
import { Cotangents, type Sink, sumOf } from './cotangents.js';
import { isGradEnabled, withGradMode } from './gradMode.js';
import type { GraphNode } from './graphNode.js';
import { handOver, keep, scope } from './scope.js';
import { sameShape } from './shape.js';
import type { Tensor } from './tensor.js';

export interface BackwardOptions {
  /** The cotangent to start from; a scalar starts from 1. */
  readonly gradient?: Tensor | undefined;
  /** Keep the graph, so that it can be traversed again. Default: `createGraph`. */
  readonly retainGraph?: boolean | undefined;
  /** Record the backward pass too, so that gradients can be differentiated. Default false. */
  readonly createGraph?: boolean | undefined;
}

/**
 * Adds ∂output/∂leaf to the `.grad` of every leaf that requires it.
 *
 * @throws GradientError if nothing requires a gradient, or a non-scalar has no starting cotangent
 */
export function backward(output: Tensor, options: BackwardOptions = {}): void {
  const createGraph = options.createGraph ?? false;
  const accumulate = (leaf: Tensor, gradient: Tensor): void => {
    const before = leaf.grad;
    const total = before ? sumOf(before, gradient) : gradient;
    leaf.grad = keep(total === gradient && !createGraph ? gradient.alias() : total);
    if (before) handOver(before);
  };
  propagate([output], [options.gradient], options, {
    nodes: nodesBehind([output]),
    sinkOf: (tensor) => (tensor.node ? undefined : accumulate),
  });
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
  const targets = new Set(inputs);
  propagate(outputs, cotangents, options, {
    nodes: nodesBetween(outputs, targets),
    sinkOf: (tensor) => (targets.has(tensor) ? collect : undefined),
  });
  return inputs.map((input) => {
    const gradient = found.get(input);
    return gradient ? handOver(gradient) : input.filled(0);
  });
}

/** Where cotangents go: through these nodes, and out of the graph where there is a sink. */
interface Route {
  /** Newest first. */
  readonly nodes: ReadonlySet<GraphNode>;
  readonly sinkOf: (tensor: Tensor) => Sink | undefined;
}

/** Sends cotangents backwards and hands the total of each tensor that has a sink to it. */
function propagate(
  outputs: readonly Tensor[],
  starts: readonly (Tensor | undefined)[],
  options: BackwardOptions,
  { nodes, sinkOf }: Route,
): void {
  const createGraph = options.createGraph ?? false;
  const retainGraph = options.retainGraph ?? createGraph;
  const pending = new Cotangents(createGraph);
  const isWanted = (tensor: Tensor): boolean =>
    tensor.requiresGrad && (sinkOf(tensor) !== undefined || (tensor.node !== undefined && nodes.has(tensor.node)));
  // Without a graph to build, everything made on the way is freed at once, except what is kept.
  const freeing = createGraph ? (body: () => void): void => body() : scope;
  const run = (): void => {
    outputs.forEach((output, i) => {
      pending.add(output, startingCotangent(output, starts[i]));
    });
    for (const node of nodes) {
      freeing(() => {
        const arrived = pending.take(node);
        if (!arrived) return;
        for (const [tensor, gradient] of arrived.totals) sinkOf(tensor)?.(tensor, gradient);
        const gradients = node.pullBack(arrived.cotangents, isWanted);
        node.inputs.forEach((input, i) => {
          const gradient = gradients[i];
          if (input && gradient) pending.add(input, gradient);
        });
        arrived.dispose();
      });
      if (!retainGraph) node.release();
    }
    pending.drain((tensor, gradient) => sinkOf(tensor)?.(tensor, gradient));
  };
  withGradMode(createGraph && isGradEnabled(), () => freeing(run));
}

/** Whether the output depends on more than the given variables: on a leaf that requires a gradient, or another variable. */
export function dependsOnOthers(output: Tensor, variables: readonly Tensor[]): boolean {
  const behind = [...nodesBehind([output])].flatMap((node) => node.inputs);
  const isSource = (t: Tensor): boolean => t.requiresGrad && !t.node?.inputs.some((input) => input?.requiresGrad);
  return [output, ...behind].some((t) => t && isSource(t) && !variables.includes(t));
}

/** Every node that the outputs depend on, newest first, down to the one numbered `oldest`. */
function nodesBehind(outputs: readonly Tensor[], oldest = 0): Set<GraphNode> {
  const nodes = new Set<GraphNode>();
  const pending = outputs.map((output) => output.node);
  while (pending.length > 0) {
    const node = pending.pop();
    if (!node || node.id < oldest || nodes.has(node)) continue;
    nodes.add(node);
    for (const input of node.inputs) if (input?.node) pending.push(input.node);
  }
  return new Set([...nodes].sort((a, b) => b.id - a.id));
}

/** The nodes on the ways from the outputs to the targets, newest first. The graphs behind the targets are left alone. */
function nodesBetween(outputs: readonly Tensor[], targets: ReadonlySet<Tensor>): Set<GraphNode> {
  const oldest = Math.min(...[...targets].map((target) => target.node?.id ?? 0));
  const leading = new Set<GraphNode>();
  for (const node of [...nodesBehind(outputs, oldest)].reverse()) {
    const leads = node.inputs.some((input) => input && (targets.has(input) || (input.node && leading.has(input.node))));
    if (leads) leading.add(node);
  }
  return new Set([...leading].reverse());
}

function startingCotangent(output: Tensor, given: Tensor | undefined): Tensor {
  if (!output.requiresGrad) {
    throw new GradientError('backward: the output depends on no tensor that requires a gradient');
  }
  if (given && !sameShape(given.shape, output.shape)) {
    throw new ShapeError(`backward: gradient has shape [${given.shape}], the output [${output.shape}]`);
  }
  if (!given && output.size !== 1) {
    throw new GradientError(
      `backward: the output has shape [${output.shape}]; reduce it to a scalar first, or pass { gradient }`,
    );
  }
  return given ?? output.filled(1);
}
