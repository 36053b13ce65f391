/**
 * @file Signed numbers as a picture: blue below zero, orange above.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { DifferenceMap } from '../compute/comparePools.js';
import { signedColour } from '../compute/signedColour.js';
import type { Picture } from '../pictures/picture.js';
import { useStore } from '../state/store.js';
import { PixelCanvas } from './PixelCanvas.js';

export interface SignedCanvasProps {
  readonly map: DifferenceMap;
  /** The absolute value that gets the full colour. */
  readonly scale: number;
  readonly label: string;
}

export function SignedCanvas({ map, scale, label }: SignedCanvasProps): JSX.Element {
  const isDark = useStore().isDark.value;
  const picture = useMemo(() => coloured(map, scale, isDark), [map, scale, isDark]);
  return <PixelCanvas picture={picture} label={label} class="signed" />;
}

function coloured({ width, height, values }: DifferenceMap, scale: number, isDark: boolean): Picture {
  const plane = width * height;
  const planes = new Float32Array(3 * plane);
  values.forEach((value, i) => {
    signedColour(value, scale, isDark).forEach((part, channel) => {
      planes[channel * plane + i] = part / 255;
    });
  });
  return { width, height, planes };
}
