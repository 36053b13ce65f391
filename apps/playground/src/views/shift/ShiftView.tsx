/**
 * @file Fifth view: the picture moves by single pixels.
 */
import type { JSX } from 'preact';
import { Page } from '../../components/Page.js';
import { PicturePicker } from '../../components/PicturePicker.js';
import { ShownPools } from '../../components/ShownPools.js';
import { TemperatureSlider } from '../../components/TemperatureSlider.js';
import { WindowControls } from '../../components/WindowControls.js';
import { useStore } from '../../state/store.js';
import { JumpTable } from './JumpTable.js';
import { ShiftChart } from './ShiftChart.js';
import { ShiftControls } from './ShiftControls.js';
import { ShiftPictures } from './ShiftPictures.js';
import { useShiftTest } from './useShiftTest.js';

export function ShiftView(): JSX.Element {
  const test = useShiftTest();
  const { shift: texts } = useStore().messages.value;
  return (
    <Page
      view="shift"
      controls={
        <>
          <PicturePicker />
          <ShownPools />
          <WindowControls />
          <TemperatureSlider />
        </>
      }
    >
      <ShiftControls />
      <ShiftPictures test={test} />
      <section class="panel">
        <h2>{texts.chart}</h2>
        <ShiftChart test={test} />
        <JumpTable test={test} />
        <p class="hint">{texts.hint}</p>
      </section>
    </Page>
  );
}
