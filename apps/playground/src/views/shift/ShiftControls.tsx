/**
 * @file Moves the picture: by hand, step by step, or by itself.
 */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Slider } from '../../components/Slider.js';
import { MOST_SHIFT } from '../../compute/shiftTest.js';
import { useStore } from '../../state/store.js';

/** Milliseconds between two steps: slow enough to see each. */
const PACE = 450;

export function ShiftControls(): JSX.Element {
  const { state, messages, update } = useStore();
  const { shift: texts, common } = messages.value;
  const { shift } = state.value;
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return undefined;
    const timer = setInterval(() => update({ shift: (state.peek().shift + 1) % (MOST_SHIFT + 1) }), PACE);
    return () => clearInterval(timer);
  }, [isPlaying, state, update]);
  const move = (by: number): void => update({ shift: Math.min(MOST_SHIFT, Math.max(0, shift + by)) });
  return (
    <div class="panel shift-controls">
      <Slider
        label={texts.moved}
        value={shift}
        min={0}
        max={MOST_SHIFT}
        text={texts.pixels(shift)}
        onChange={(value) => update({ shift: value })}
      />
      <div class="buttons">
        <button type="button" aria-label={texts.back} disabled={shift === 0} onClick={() => move(-1)}>
          ←
        </button>
        <button type="button" aria-label={texts.forward} disabled={shift === MOST_SHIFT} onClick={() => move(1)}>
          →
        </button>
        <button type="button" class="primary" onClick={() => setPlaying(!isPlaying)}>
          {isPlaying ? common.pause : common.play}
        </button>
      </div>
    </div>
  );
}
