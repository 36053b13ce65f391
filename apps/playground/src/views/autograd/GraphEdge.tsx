/**
 * @file An edge, with the local derivative while a gradient flows along it.
 */
import type { JSX } from 'preact';
import { formatNumber } from '../../compute/format.js';
import { BOX, type Point } from './GraphDrawing.js';

export interface GraphEdgeProps {
  readonly from: Point;
  readonly to: Point;
  readonly isWide: boolean;
  /** −1 … 1, to one side or the other. */
  readonly bend: number;
  readonly state: 'idle' | 'forward' | 'backward' | 'done';
  readonly derivative: number;
}

export function GraphEdge({ from, to, isWide, bend, state, derivative }: GraphEdgeProps): JSX.Element {
  const start = isWide ? { x: from.x + BOX.width / 2, y: from.y } : { x: from.x, y: from.y + BOX.height / 2 };
  const end = isWide ? { x: to.x - BOX.width / 2, y: to.y } : { x: to.x, y: to.y - BOX.height / 2 };
  const side = 16 * bend;
  const middle = isWide
    ? { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 + side }
    : { x: (start.x + end.x) / 2 + side, y: (start.y + end.y) / 2 };
  const control = isWide
    ? `${middle.x} ${start.y + 2 * side}, ${middle.x} ${end.y + 2 * side}`
    : `${start.x + 2 * side} ${middle.y}, ${end.x + 2 * side} ${middle.y}`;
  return (
    <g class={`edge edge-${state}`}>
      <path d={`M${start.x} ${start.y} C${control}, ${end.x} ${end.y}`} />
      {state === 'backward' && (
        <text x={middle.x} y={middle.y + (isWide ? -7 : 4)}>
          × {formatNumber(derivative)}
        </text>
      )}
    </g>
  );
}
