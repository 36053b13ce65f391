/**
 * @file What is known after each step: values flow forwards one operation at a time, then gradients flow back.
 */
import type { Vertex } from './traceExpression.js';

export interface GraphState {
  readonly phase: 'start' | 'forward' | 'seed' | 'backward';
  /** The vertex that the step is about. */
  readonly active: number | undefined;
  /** Per vertex: whether its value is known. */
  readonly hasValue: readonly boolean[];
  /** Per vertex: the gradient that has arrived so far. */
  readonly gradients: readonly (number | undefined)[];
}

/** Step 0 is the beginning; then one step per operation, one for the output's gradient, one per operation back. */
export function stepCount(vertices: readonly Vertex[]): number {
  return 2 * operations(vertices).length + 1;
}

export function graphState(vertices: readonly Vertex[], step: number): GraphState {
  const forward = operations(vertices);
  const backward = [...forward].reverse();
  const ran = new Set(forward.slice(0, step));
  const gradients: (number | undefined)[] = vertices.map(() => undefined);
  const seedStep = forward.length + 1;
  if (step >= seedStep) gradients[vertices.length - 1] = 1;
  for (const place of backward.slice(0, Math.max(0, step - seedStep))) {
    vertices[place]!.inputs.forEach((input, k) => {
      gradients[input] = (gradients[input] ?? 0) + gradients[place]! * vertices[place]!.derivatives[k]!;
    });
  }
  const hasValue = vertices.map(({ kind }, place) => kind === 'leaf' || ran.has(place));
  return { ...phaseOf(step, seedStep, forward, backward, vertices.length - 1), hasValue, gradients };
}

function phaseOf(
  step: number,
  seedStep: number,
  forward: readonly number[],
  backward: readonly number[],
  output: number,
): Pick<GraphState, 'phase' | 'active'> {
  if (step === 0) return { phase: 'start', active: undefined };
  if (step < seedStep) return { phase: 'forward', active: forward[step - 1] };
  if (step === seedStep) return { phase: 'seed', active: output };
  return { phase: 'backward', active: backward[step - seedStep - 1] };
}

function operations(vertices: readonly Vertex[]): number[] {
  return vertices.flatMap(({ kind }, place) => (kind === 'operation' ? [place] : []));
}
