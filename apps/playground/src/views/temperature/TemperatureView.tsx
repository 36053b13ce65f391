/**
 * @file Fourth view: from average to maximum.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Page } from '../../components/Page.js';
import { PicturePicker } from '../../components/PicturePicker.js';
import { PixelCanvas } from '../../components/PixelCanvas.js';
import { TemperatureSlider } from '../../components/TemperatureSlider.js';
import { usePoolSettings } from '../../components/useSettings.js';
import { WindowControls } from '../../components/WindowControls.js';
import { formatBeta } from '../../compute/format.js';
import { poolPicture } from '../../compute/poolPicture.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useStore } from '../../state/store.js';
import { CurvePanel } from './CurvePanel.js';
import { LearnPanel } from './LearnPanel.js';

export function TemperatureView(): JSX.Element {
  return (
    <Page
      view="temperature"
      controls={
        <>
          <TemperatureSlider />
          <PicturePicker />
          <WindowControls />
        </>
      }
    >
      <CurvePanel />
      <div class="halves">
        <LearnPanel />
        <WholePicture />
      </div>
    </Page>
  );
}

function WholePicture(): JSX.Element {
  const { messages } = useStore();
  const { common, temperature: texts } = messages.value;
  const { name, picture } = usePicture();
  const settings = usePoolSettings();
  const pooled = useMemo(() => poolPicture(picture, 'soft', settings), [picture, settings]);
  return (
    <section class="panel">
      <h2>{texts.whole}</h2>
      <PixelCanvas picture={pooled} label={texts.pooled(common.pictures[name], formatBeta(settings.beta))} />
    </section>
  );
}
