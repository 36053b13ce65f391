/**
 * @file Third view: where an output's gradient goes.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Choice } from '../../components/Choice.js';
import { Page } from '../../components/Page.js';
import { PicturePicker } from '../../components/PicturePicker.js';
import { Slider } from '../../components/Slider.js';
import { TemperatureSlider } from '../../components/TemperatureSlider.js';
import { FLOWS, flowInput } from '../../compute/gradientFlow.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useStore } from '../../state/store.js';
import { DescentChart } from './DescentChart.js';
import { FlowMap } from './FlowMap.js';
import { OutputPicker } from './OutputPicker.js';

export function GradientView(): JSX.Element {
  const { row, column } = useStore().state.value;
  const { picture } = usePicture();
  const input = useMemo(() => flowInput(picture, { row, column }), [picture, row, column]);
  return (
    <Page view="gradient" controls={<Controls />}>
      <div class="flows">
        <OutputPicker input={input} />
        {FLOWS.map((flow) => (
          <FlowMap key={flow} flow={flow} input={input} />
        ))}
      </div>
      <DescentChart input={input} />
    </Page>
  );
}

function Controls(): JSX.Element {
  const { state, messages, update } = useStore();
  const { overlap, everyOutput, rate } = state.value;
  const texts = messages.value.gradient;
  return (
    <>
      <PicturePicker />
      <Choice
        label={texts.windows}
        value={overlap ? 'overlapping' : 'touching'}
        options={(['touching', 'overlapping'] as const).map((value) => ({ value, label: texts[value] }))}
        onChange={(value) => update({ overlap: value === 'overlapping' })}
      />
      <Choice
        label={texts.whichOutputs}
        value={everyOutput ? 'everyOutput' : 'oneOutput'}
        options={(['oneOutput', 'everyOutput'] as const).map((value) => ({ value, label: texts[value] }))}
        onChange={(value) => update({ everyOutput: value === 'everyOutput' })}
      />
      <TemperatureSlider />
      <Slider
        label={texts.rate}
        value={rate}
        min={0.05}
        max={2}
        step={0.05}
        text={rate.toFixed(2)}
        onChange={(value) => update({ rate: value })}
      />
    </>
  );
}
