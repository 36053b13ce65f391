/**
 * @file First view: a picture, pooled in several ways.
 */
import type { JSX } from 'preact';
import { Page } from '../../components/Page.js';
import { PicturePicker } from '../../components/PicturePicker.js';
import { ShownPools } from '../../components/ShownPools.js';
import { Slider } from '../../components/Slider.js';
import { TemperatureSlider } from '../../components/TemperatureSlider.js';
import { WindowControls } from '../../components/WindowControls.js';
import { useStore } from '../../state/store.js';
import { AgainstChoice } from './AgainstChoice.js';
import { BringPicture } from './BringPicture.js';
import { Gallery } from './Gallery.js';

export function LookView(): JSX.Element {
  return (
    <Page view="look" controls={<Controls />}>
      <Gallery />
    </Page>
  );
}

function Controls(): JSX.Element {
  const { state, messages, update } = useStore();
  const { look } = messages.value;
  const { lensSize } = state.value;
  return (
    <>
      <PicturePicker />
      <BringPicture />
      <ShownPools />
      <WindowControls />
      <TemperatureSlider />
      <Slider
        label={look.lens}
        value={lensSize}
        min={12}
        max={64}
        step={4}
        text={look.lensText(lensSize)}
        onChange={(value) => update({ lensSize: value })}
      />
      <AgainstChoice />
    </>
  );
}
