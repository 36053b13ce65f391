/**
 * @file A finished drawing in its place.
 */
import type { Drawing } from '../figures/drawing.js';
import { Svg } from './Chart.js';

interface DrawingViewProps {
  readonly drawing: Drawing;
  /** What it shows, for people who can't see it. */
  readonly alt: string;
}

export function DrawingView({ drawing, alt }: DrawingViewProps) {
  if (drawing.kind === 'lines') return <Svg class="drawing" svg={drawing.svg} />;
  const { address, width, height } = drawing;
  return <img class="pixels" src={address} width={width} height={height} alt={alt} />;
}
