/**
 * @file Where the vertices of a graph stand: in layers, inputs before what is made of them.
 */
import type { Vertex } from './traceExpression.js';

export interface Place {
  /** The layer, from 0. */
  readonly layer: number;
  /** The position across, 0 … 1. */
  readonly across: number;
}

export function layoutGraph(vertices: readonly Pick<Vertex, 'inputs'>[]): Place[] {
  const layers = layersOf(vertices);
  const across: number[] = vertices.map(() => 0.5);
  for (let layer = 0; layer <= Math.max(...layers); layer++) {
    const members = vertices.flatMap((_, i) => (layers[i] === layer ? [i] : []));
    const wish = (i: number): number => mean(vertices[i]!.inputs.map((input) => across[input]!)) ?? i / vertices.length;
    // Near the inputs, so that edges seldom cross; in the given order where that decides nothing.
    const ordered = members.sort((a, b) => wish(a) - wish(b) || a - b);
    ordered.forEach((i, position) => {
      across[i] = (position + 0.5) / ordered.length;
    });
  }
  return vertices.map((_, i) => ({ layer: layers[i]!, across: across[i]! }));
}

/** One more than the farthest input; a leaf stands right before its first use. */
function layersOf(vertices: readonly Pick<Vertex, 'inputs'>[]): number[] {
  const layers: number[] = [];
  for (const { inputs } of vertices) layers.push(Math.max(-1, ...inputs.map((input) => layers[input]!)) + 1);
  return layers.map((layer, i) => {
    if (vertices[i]!.inputs.length > 0) return layer;
    const uses = vertices.flatMap(({ inputs }, user) => (inputs.includes(i) ? [layers[user]!] : []));
    return Math.max(0, Math.min(...uses) - 1);
  });
}

function mean(values: readonly number[]): number | undefined {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
}
