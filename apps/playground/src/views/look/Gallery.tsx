/**
 * @file The original and every chosen strategy, side by side: whole, through the lens, and as a difference.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { PixelCanvas } from '../../components/PixelCanvas.js';
import { usePoolSettings } from '../../components/useSettings.js';
import { lensRegion } from '../../compute/lens.js';
import { existingStrategies } from '../../compute/strategies.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useStore } from '../../state/store.js';
import { LensPicture } from './LensPicture.js';
import { StrategyCard } from './StrategyCard.js';

export function Gallery(): JSX.Element {
  const { state, messages } = useStore();
  const { look } = messages.value;
  return (
    <>
      <div class="gallery">
        <OriginalCard />
        {existingStrategies(state.value.pools).map((name) => (
          <StrategyCard key={name} name={name} />
        ))}
      </div>
      <p class="hint">
        {look.lensHint} {look.qualityNote}
      </p>
      <Legend />
    </>
  );
}

function OriginalCard(): JSX.Element {
  const { messages, state } = useStore();
  const { look, common } = messages.value;
  const { name, picture } = usePicture();
  const { lensX, lensY, lensSize } = state.value;
  const region = useMemo(
    () => lensRegion({ x: lensX, y: lensY, size: lensSize }, picture),
    [picture, lensX, lensY, lensSize],
  );
  const settings = usePoolSettings();
  return (
    <figure class="card">
      <figcaption>
        <h2>{look.original}</h2>
        <span>{look.size(picture.width, picture.height)}</span>
      </figcaption>
      <LensPicture picture={picture} label={common.pictures[name]} settings={{ ...settings, stride: 1, padding: 0 }} />
      <div class="pair">
        <PixelCanvas picture={picture} region={region} label={look.zoomed(look.original)} />
      </div>
    </figure>
  );
}

function Legend(): JSX.Element {
  const { look } = useStore().messages.value;
  return (
    <p class="legend">
      <span>{look.below}</span>
      <i class="signed-ramp" aria-hidden="true" />
      <span>{look.above}</span>
    </p>
  );
}
