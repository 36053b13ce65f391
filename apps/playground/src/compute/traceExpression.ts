/**
 * @file Reads the graph that the library recorded for an expression, and runs its backward pass one node at a time.
 */
import { type GraphNode, type Tensor, tensor } from 'softgrad';
import type { Expression } from './expressions.js';

/** A value of the expression: a leaf, or what an operation made. */
export interface Vertex {
  readonly name: string;
  readonly kind: 'leaf' | 'operation';
  readonly value: number;
  /** Places of the inputs among the vertices; an input that is used twice stands here twice. */
  readonly inputs: readonly number[];
  /** For each input ∂this/∂input: what the node itself knows. */
  readonly derivatives: readonly number[];
  /** ∂output/∂this */
  readonly gradient: number;
}

/** All vertices, inputs before what is made of them; the last one is the output. */
export function traceExpression(expression: Expression, values: readonly number[]): Vertex[] {
  const leaves = values.map((value) => tensor(value, { dtype: 'float64', backend: 'reference', requiresGrad: true }));
  const output = expression.build(...leaves);
  const tensors = [...leaves, ...operationsBehind(output)];
  const gradients = tensors.map(() => 0);
  gradients[tensors.indexOf(output)] = 1;
  const derivatives = tensors.map((): number[] => []);
  for (let i = tensors.length - 1; i >= leaves.length; i--) {
    const node = tensors[i]!.node!;
    derivatives[i] = localDerivatives(tensors[i]!, node);
    inputsOf(node).forEach((input, k) => {
      gradients[tensors.indexOf(input)]! += gradients[i]! * derivatives[i]![k]!;
    });
  }
  return tensors.map((value, i) => ({
    name: expression.leaves[i]?.name ?? value.node?.operation ?? '',
    kind: i < leaves.length ? 'leaf' : 'operation',
    value: value.dataSync()[0]!,
    inputs: value.node ? inputsOf(value.node).map((input) => tensors.indexOf(input)) : [],
    derivatives: derivatives[i]!,
    gradient: gradients[i]!,
  }));
}

/** What a node's vjp makes of a cotangent of 1. */
function localDerivatives(output: Tensor, node: GraphNode): number[] {
  return node
    .pullBack([output.filled(1)], () => true)
    .flatMap((gradient, k) => (node.inputs[k] ? [gradient?.dataSync()[0] ?? 0] : []));
}

function inputsOf(node: GraphNode): Tensor[] {
  return node.inputs.filter((input) => input !== undefined);
}

/** Results of all operations behind the output, in the order in which they ran. */
function operationsBehind(output: Tensor): Tensor[] {
  const found = new Set<Tensor>();
  const pending = [output];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (!next.node || found.has(next)) continue;
    found.add(next);
    pending.push(...inputsOf(next.node));
  }
  return [...found].sort((a, b) => a.node!.id - b.node!.id);
}
