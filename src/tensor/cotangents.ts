/**
 * @file The cotangents on their way back through the graph, and their sums.
 */
import { isGradEnabled } from './gradMode.js';
import { GraphNode } from './graphNode.js';
import { keep } from './scope.js';
import type { Tensor } from './tensor.js';

/** Receives the complete cotangent of a tensor. */
export type Sink = (tensor: Tensor, gradient: Tensor) => void;

/** What has arrived for each tensor so far. */
export class Cotangents {
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

  /** What has arrived at leaves and at nodes that weren't taken. */
  drain(sink: Sink): void {
    for (const totals of [this.#leaves, ...this.#byNode.values()]) {
      for (const [tensor, total] of totals) {
        sink(tensor, total);
        if (!this.#createGraph) total.dispose();
      }
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

/** a + b, recorded like any operation where recording is on. Its vjp hands the cotangent to both. */
export function sumOf(a: Tensor, b: Tensor): Tensor {
  const layout = { shape: [a.size], stridesA: [1], stridesB: [1] };
  const node =
    isGradEnabled() && (a.requiresGrad || b.requiresGrad)
      ? new GraphNode('sumOfCotangents', [a, b], ([cotangent]) => [cotangent, cotangent])
      : undefined;
  return a.derive(a.kernels.binary('add', a.storage, b.storage, layout, 0), a.shape, node);
}
