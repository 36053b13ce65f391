/**
 * @file The slider for β, from average over SoftPool to maximum.
 */
import type { JSX } from 'preact';
import { formatBeta } from '../compute/format.js';
import { betaOf } from '../compute/temperature.js';
import { useStore } from '../state/store.js';
import { Slider } from './Slider.js';

export function TemperatureSlider(): JSX.Element {
  const { state, messages, update } = useStore();
  const { common } = messages.value;
  const { temperature } = state.value;
  return (
    <Slider
      label={common.temperature}
      value={temperature}
      min={0}
      max={1}
      step={0.005}
      text={common.betaText(formatBeta(betaOf(temperature)))}
      onChange={(value) => update({ temperature: value })}
    >
      <div class="ticks" aria-hidden="true">
        <span>0</span>
        <span>1</span>
        <span>∞</span>
      </div>
    </Slider>
  );
}
