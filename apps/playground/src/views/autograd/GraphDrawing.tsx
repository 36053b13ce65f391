/**
 * @file The graph: from left to right where there is room, else from top to bottom.
 */
import type { JSX } from 'preact';
import { useMediaQuery } from '../../components/useMediaQuery.js';
import { layoutGraph, type Place } from '../../compute/layoutGraph.js';
import { useStore } from '../../state/store.js';
import { GraphEdge } from './GraphEdge.js';
import { GraphVertex } from './GraphVertex.js';
import { type Trace, vertexNames } from './useTrace.js';

/** Size of a vertex, in the drawing's units. */
export const BOX = { width: 104, height: 70 } as const;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function GraphDrawing({ trace }: { readonly trace: Trace }): JSX.Element {
  const texts = useStore().messages.value.autograd;
  const isWide = useMediaQuery('(min-width: 48rem)');
  const { vertices } = trace;
  const { width, height, centres, places } = positions(trace, isWide);
  const names = vertexNames(vertices);
  return (
    <div class="panel graph">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={texts.graph(trace.expression.formula)}>
        {vertices.flatMap(({ inputs }, to) =>
          inputs.map((from, k) => (
            <GraphEdge
              key={`${from} ${to} ${k}`}
              from={centres[from]!}
              to={centres[to]!}
              isWide={isWide}
              bend={bendOf(places[from]!, places[to]!, inputs, k)}
              state={edgeState(trace, from, to)}
              derivative={vertices[to]!.derivatives[k]!}
            />
          )),
        )}
        {vertices.map((_, i) => (
          <GraphVertex key={names[i]} trace={trace} place={i} name={names[i]!} centre={centres[i]!} />
        ))}
      </svg>
    </div>
  );
}

/** Two edges between the same two vertices lie beside one another; one that skips a layer goes around what stands there. */
function bendOf(from: Place, to: Place, inputs: readonly number[], k: number): number {
  if (to.layer - from.layer > 1) return to.across < from.across ? -2.6 : 2.6;
  return inputs.filter((other) => other === inputs[k]).length > 1 ? (k - 0.5) * 2 : 0;
}

/** What flows along an edge in the present step. */
function edgeState({ now }: Trace, from: number, to: number): 'idle' | 'forward' | 'backward' | 'done' {
  if (now.active === to && now.phase === 'forward') return 'forward';
  if (now.active === to && now.phase === 'backward') return 'backward';
  const isDone = now.phase === 'backward' && now.gradients[from] !== undefined && now.gradients[to] !== undefined;
  return isDone ? 'done' : 'idle';
}

function positions(
  { vertices }: Trace,
  isWide: boolean,
): { width: number; height: number; centres: readonly Point[]; places: readonly Place[] } {
  const places = layoutGraph(vertices);
  const layers = Math.max(...places.map(({ layer }) => layer)) + 1;
  const mostInLayer = Math.max(...places.map(({ layer }) => places.filter((place) => place.layer === layer).length));
  const along = (isWide ? BOX.width + 62 : BOX.height + 58) * layers;
  const across = (isWide ? BOX.height + 26 : BOX.width + 14) * mostInLayer;
  const centres = places.map((place) => {
    const point = { along: ((place.layer + 0.5) / layers) * along, across: place.across * across };
    return isWide ? { x: point.along, y: point.across } : { x: point.across, y: point.along };
  });
  return isWide ? { width: along, height: across, centres, places } : { width: across, height: along, centres, places };
}
