/**
 * @file Forwards and backwards through the steps.
 */
import type { JSX } from 'preact';
import { Slider } from '../../components/Slider.js';
import { useStore } from '../../state/store.js';

export interface StepControlsProps {
  readonly step: number;
  readonly last: number;
}

export function StepControls({ step, last }: StepControlsProps): JSX.Element {
  const { messages, update } = useStore();
  const texts = messages.value.autograd;
  const go = (to: number): void => update({ step: Math.min(last, Math.max(0, to)) });
  return (
    <div class="panel shift-controls">
      <Slider label={texts.step} value={step} min={0} max={last} text={texts.stepText(step, last)} onChange={go} />
      <div class="buttons">
        <button type="button" aria-label={texts.toStart} disabled={step === 0} onClick={() => go(0)}>
          ⇤
        </button>
        <button type="button" aria-label={texts.previous} disabled={step === 0} onClick={() => go(step - 1)}>
          ←
        </button>
        <button type="button" class="primary" disabled={step === last} onClick={() => go(step + 1)}>
          {texts.next} →
        </button>
        <button type="button" aria-label={texts.toEnd} disabled={step === last} onClick={() => go(last)}>
          ⇥
        </button>
      </div>
    </div>
  );
}
