/**
 * @file A picture with the lens over it; pointing or the arrow keys move the lens in all pictures at once.
 */
import type { JSX } from 'preact';
import { Frame } from '../../components/Frame.js';
import { Pad } from '../../components/Pad.js';
import { PixelCanvas } from '../../components/PixelCanvas.js';
import { lensRegion, pooledRegion } from '../../compute/lens.js';
import type { PoolSettings } from '../../compute/strategies.js';
import type { Picture } from '../../pictures/picture.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useStore } from '../../state/store.js';

export interface LensPictureProps {
  readonly picture: Picture;
  readonly label: string;
  readonly settings: PoolSettings;
}

export function LensPicture({ picture, label, settings }: LensPictureProps): JSX.Element {
  const { state, update } = useStore();
  const original = usePicture().picture;
  const { lensX, lensY, lensSize } = state.value;
  const region = pooledRegion(lensRegion({ x: lensX, y: lensY, size: lensSize }, original), picture, settings);
  const moveTo = (x: number, y: number): void => {
    update({ lensX: Math.min(1, Math.max(0, x)), lensY: Math.min(1, Math.max(0, y)) });
  };
  const step = 2 * settings.stride;
  return (
    <Pad
      label={label}
      onPoint={moveTo}
      onArrow={(dx, dy) => moveTo(lensX + (dx * step) / original.width, lensY + (dy * step) / original.height)}
    >
      <PixelCanvas picture={picture} label={label} />
      <Frame region={region} within={picture} />
    </Pad>
  );
}
