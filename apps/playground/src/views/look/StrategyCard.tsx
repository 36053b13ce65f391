/**
 * @file One strategy's result.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { PixelCanvas } from '../../components/PixelCanvas.js';
import { poolColour, poolName } from '../../components/poolAppearance.js';
import { SignedCanvas } from '../../components/SignedCanvas.js';
import { usePoolSettings } from '../../components/useSettings.js';
import { comparePool, differenceMap, type PooledPicture } from '../../compute/comparePools.js';
import { formatNumber } from '../../compute/format.js';
import { lensRegion, pooledRegion } from '../../compute/lens.js';
import { enlarge, poolPicture } from '../../compute/poolPicture.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useMessages, useStore } from '../../state/store.js';
import { LensPicture } from './LensPicture.js';

export function StrategyCard({ name }: { readonly name: string }): JSX.Element {
  const messages = useMessages();
  const result = usePooled(name);
  return (
    <figure class="card" style={{ '--option': poolColour(name) }} data-pool={name}>
      {typeof result === 'string' ? (
        <>
          <figcaption>
            <h2>{poolName(name, messages)}</h2>
          </figcaption>
          <p class="warning">{messages.look.cannot(result)}</p>
        </>
      ) : (
        <Result name={name} result={result} />
      )}
    </figure>
  );
}

/** The pooled picture, or why there is none. */
function usePooled(name: string): PooledPicture | string {
  const { picture } = usePicture();
  const settings = usePoolSettings();
  return useMemo(() => {
    try {
      return comparePool(picture, name, settings);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }, [picture, name, settings]);
}

interface ResultProps {
  readonly name: string;
  readonly result: PooledPicture;
}

function Result({ name, result }: ResultProps): JSX.Element {
  const { messages } = useStore();
  const { look, common } = messages.value;
  const original = usePicture();
  const { picture, quality } = result;
  const label = poolName(name, messages.value);
  return (
    <>
      <figcaption>
        <h2>{label}</h2>
        <span>{look.size(picture.width, picture.height)}</span>
      </figcaption>
      <LensPicture
        picture={picture}
        label={look.pooledPicture(label, common.pictures[original.name])}
        settings={usePoolSettings()}
      />
      <div class="pair">
        <Zoomed name={label} picture={picture} />
        <Difference name={name} picture={picture} />
      </div>
      <dl class="scores">
        <dt>{look.psnr}</dt>
        <dd data-score="psnr">{look.decibels(formatNumber(quality.psnr, 2))}</dd>
        <dt>{look.ssim}</dt>
        <dd data-score="ssim">{formatNumber(quality.ssim, 3)}</dd>
      </dl>
    </>
  );
}

function Zoomed({ name, picture }: { readonly name: string; readonly picture: PooledPicture['picture'] }): JSX.Element {
  const { messages, state } = useStore();
  const { lensX, lensY, lensSize } = state.value;
  const original = usePicture().picture;
  const region = lensRegion({ x: lensX, y: lensY, size: lensSize }, original);
  return (
    <PixelCanvas
      picture={picture}
      region={pooledRegion(region, picture, usePoolSettings())}
      label={messages.value.look.zoomed(name)}
    />
  );
}

function Difference({
  name,
  picture,
}: {
  readonly name: string;
  readonly picture: PooledPicture['picture'];
}): JSX.Element {
  const { messages, state } = useStore();
  const { look } = messages.value;
  const { against } = state.value;
  const original = usePicture().picture;
  const settings = usePoolSettings();
  const map = useMemo(
    () =>
      against === 'original'
        ? differenceMap(enlarge(picture, original, settings), original)
        : differenceMap(picture, poolPicture(original, against, settings)),
    [picture, original, against, settings],
  );
  const other = against === 'original' ? look.original : poolName(against, messages.value);
  return <SignedCanvas map={map} scale={0.5} label={look.difference(poolName(name, messages.value), other)} />;
}
