/**
 * @file A frame around a part of a picture, above it.
 */
import type { JSX } from 'preact';
import type { Picture, Region } from '../pictures/picture.js';

export interface FrameProps {
  readonly region: Region;
  readonly within: Pick<Picture, 'width' | 'height'>;
}

export function Frame({ region, within }: FrameProps): JSX.Element {
  const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`;
  return (
    <i
      class="frame"
      style={{
        left: percent(region.x, within.width),
        top: percent(region.y, within.height),
        width: percent(region.width, within.width),
        height: percent(region.height, within.height),
      }}
    />
  );
}
