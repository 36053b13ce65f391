/**
 * @file A vertex: its name, its value once known, its gradient as far as it has arrived.
 */
import type { JSX } from 'preact';
import { formatNumber } from '../../compute/format.js';
import { useStore } from '../../state/store.js';
import { BOX, type Point } from './GraphDrawing.js';
import type { Trace } from './useTrace.js';

export interface GraphVertexProps {
  readonly trace: Trace;
  readonly place: number;
  readonly name: string;
  readonly centre: Point;
}

export function GraphVertex({ trace, place, name, centre }: GraphVertexProps): JSX.Element {
  const texts = useStore().messages.value.autograd;
  const { vertices, now } = trace;
  const { kind, value } = vertices[place]!;
  const gradient = now.gradients[place];
  const classes = `vertex vertex-${kind} ${now.active === place ? 'active' : ''}`;
  return (
    <g
      class={classes}
      data-vertex={name}
      transform={`translate(${centre.x - BOX.width / 2} ${centre.y - BOX.height / 2})`}
    >
      <rect width={BOX.width} height={BOX.height} rx="9" />
      <text class="vertex-name" x={BOX.width / 2} y="20">
        {name}
      </text>
      <text class="vertex-label" x="9" y="42">
        {texts.value}
      </text>
      <text class="vertex-number" x={BOX.width - 9} y="42" data-value>
        {now.hasValue[place] ? formatNumber(value) : ''}
      </text>
      <text class="vertex-label" x="9" y="60">
        {texts.gradient}
      </text>
      <text
        class={`vertex-number ${gradient !== undefined && gradient < 0 ? 'below' : 'above'}`}
        x={BOX.width - 9}
        y="60"
        data-gradient
      >
        {gradient === undefined ? '' : formatNumber(gradient)}
      </text>
    </g>
  );
}
