/**
 * @file Start, pause, step, reset.
 */
import type { JSX } from 'preact';
import { useStore } from '../../state/store.js';
import type { RaceControl } from './useRace.js';

export function RaceButtons({ race }: { readonly race: RaceControl }): JSX.Element {
  const texts = useStore().messages.value.race;
  const { history, isRunning } = race;
  const isOver = history?.status === 'finished' || history?.status === 'failed';
  return (
    <div class="buttons">
      <button type="button" class="primary" disabled={isOver} onClick={isRunning ? race.pause : race.run}>
        {isRunning ? texts.pause : history === undefined ? texts.start : texts.go}
      </button>
      <button type="button" disabled={isOver || isRunning} onClick={race.step}>
        {texts.step}
      </button>
      <button type="button" disabled={history === undefined} onClick={race.reset}>
        {texts.reset}
      </button>
    </div>
  );
}
