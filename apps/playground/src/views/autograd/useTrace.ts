/**
 * @file The graph that the state describes, and how far it has run.
 */
import { useMemo } from 'preact/hooks';
import { type Expression, expressions } from '../../compute/expressions.js';
import { type GraphState, graphState, stepCount } from '../../compute/graphSteps.js';
import { traceExpression, type Vertex } from '../../compute/traceExpression.js';
import { useStore } from '../../state/store.js';

export interface Trace {
  readonly expression: Expression;
  readonly values: readonly number[];
  readonly vertices: readonly Vertex[];
  readonly step: number;
  readonly last: number;
  readonly now: GraphState;
}

export function useTrace(): Trace {
  const { expression: name, leaves, step: wanted } = useStore().state.value;
  return useMemo(() => {
    const expression: Expression = expressions[name];
    const values = leaves.length === expression.leaves.length ? leaves : expression.leaves.map(({ value }) => value);
    const vertices = traceExpression(expression, values);
    const last = stepCount(vertices);
    const step = Math.min(wanted, last);
    return { expression, values, vertices, step, last, now: graphState(vertices, step) };
  }, [name, leaves, wanted]);
}

/** Names of the vertices in texts: a leaf's own, an operation's with a number where it occurs more than once. */
export function vertexNames(vertices: readonly Vertex[]): string[] {
  const counts = new Map<string, number>();
  for (const { name } of vertices) counts.set(name, (counts.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return vertices.map(({ name }) => {
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return counts.get(name) === 1 ? name : `${name} ${number}`;
  });
}
