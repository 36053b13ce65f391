/**
 * @file A picture with the lens over it; pointing or the arrow keys move the lens in all pictures at once.
 */
import type { JSX } from 'preact';
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

const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function LensPicture({ picture, label, settings }: LensPictureProps): JSX.Element {
  const { state, update } = useStore();
  const original = usePicture().picture;
  const { lensX, lensY, lensSize } = state.value;
  const region = pooledRegion(lensRegion({ x: lensX, y: lensY, size: lensSize }, original), picture, settings);
  const moveTo = (x: number, y: number): void => {
    update({ lensX: Math.min(1, Math.max(0, x)), lensY: Math.min(1, Math.max(0, y)) });
  };
  const onPointer = (event: PointerEvent): void => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect();
    moveTo((event.clientX - left) / width, (event.clientY - top) / height);
  };
  const onKey = (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    moveTo(
      lensX + (arrow[0] * settings.stride * 2) / original.width,
      lensY + (arrow[1] * settings.stride * 2) / original.height,
    );
  };
  return (
    <button
      type="button"
      class="lens-picture pad"
      aria-label={label}
      onKeyDown={onKey}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
    >
      <PixelCanvas picture={picture} label={label} />
      <i
        class="lens"
        style={{
          left: `${(100 * region.x) / picture.width}%`,
          top: `${(100 * region.y) / picture.height}%`,
          width: `${(100 * region.width) / picture.width}%`,
          height: `${(100 * region.height) / picture.height}%`,
        }}
      />
    </button>
  );
}
