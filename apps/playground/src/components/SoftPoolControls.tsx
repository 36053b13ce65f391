/**
 * @file Which pooling, and for SoftPool its temperature and the rule of its gradient.
 */
import type { JSX } from 'preact';
import { useStore } from '../state/store.js';
import { Choice } from './Choice.js';
import { poolColour, poolName } from './poolAppearance.js';
import { TemperatureSlider } from './TemperatureSlider.js';

export function PoolingChoice(): JSX.Element {
  const { state, messages, update } = useStore();
  const options = (['soft', 'max', 'avg'] as const).map((value) => ({
    value,
    label: poolName(value, messages.value),
    colour: poolColour(value),
  }));
  return (
    <Choice
      label={messages.value.window.pooling}
      options={options}
      value={state.value.pooling}
      onChange={(pooling) => update({ pooling })}
    />
  );
}

export function GradientRuleChoice(): JSX.Element {
  const { state, messages, update } = useStore();
  const { common } = messages.value;
  return (
    <Choice
      label={common.gradientRule}
      options={(['exact', 'detached'] as const).map((value) => ({ value, label: common.gradientRules[value] }))}
      value={state.value.rule}
      onChange={(rule) => update({ rule })}
    />
  );
}

/** All three; the last two only where they matter. */
export function SoftPoolControls(): JSX.Element {
  const isSoft = useStore().state.value.pooling === 'soft';
  return (
    <>
      <PoolingChoice />
      {isSoft && <TemperatureSlider />}
      {isSoft && <GradientRuleChoice />}
    </>
  );
}
