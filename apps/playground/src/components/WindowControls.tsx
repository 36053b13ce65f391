/**
 * @file Kernel, stride and padding, with what follows for neighbouring windows.
 */
import type { JSX } from 'preact';
import { useStore } from '../state/store.js';
import { Slider } from './Slider.js';
import { usePoolSettings } from './useSettings.js';

export function WindowControls(): JSX.Element {
  const { messages, update } = useStore();
  const { common } = messages.value;
  const { kernel, stride, padding } = usePoolSettings();
  const most = Math.floor(kernel / 2);
  return (
    <div class="window-controls">
      <Slider
        label={common.kernel}
        value={kernel}
        min={2}
        max={8}
        text={`${kernel} × ${kernel}`}
        // Windows that touch stay windows that touch.
        onChange={(value) => update(stride === kernel ? { kernel: value, stride: value } : { kernel: value })}
      />
      <Slider label={common.stride} value={stride} min={1} max={8} onChange={(value) => update({ stride: value })} />
      <Slider
        label={common.padding}
        value={padding}
        min={0}
        max={most}
        onChange={(value) => update({ padding: value })}
      />
      <p class="hint">{common.overlap(kernel - stride)}</p>
    </div>
  );
}
