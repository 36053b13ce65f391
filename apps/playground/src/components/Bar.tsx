/**
 * @file A number with a bar under it, to the right of zero or to the left.
 */
import type { JSX } from 'preact';
import { formatNumber } from '../compute/format.js';

export interface BarProps {
  readonly value: number;
  /** The absolute value that fills half of the width. */
  readonly scale: number;
  readonly digits?: number;
  /** For what is never negative: the bar begins at the left, and `scale` fills the whole width. */
  readonly fromLeft?: boolean;
}

export function Bar({ value, scale, digits = 3, fromLeft = false }: BarProps): JSX.Element {
  const [zero, room] = fromLeft ? [0.5, 99] : [50, 50];
  const width = Math.min(room, (room * Math.abs(value)) / scale);
  return (
    <span class="bar">
      <span class="bar-number">{formatNumber(value, digits)}</span>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect
          x={value < 0 ? zero - width : zero}
          y="0.5"
          width={width}
          height="5"
          class={value < 0 ? 'below' : 'above'}
        />
        <path d={`M${zero} 0v6`} class="zero" />
      </svg>
    </span>
  );
}
