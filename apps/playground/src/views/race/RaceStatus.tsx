/**
 * @file How far the race is, and what it really runs on.
 */
import type { JSX } from 'preact';
import { RACE_STEPS } from '../../race/protocol.js';
import type { RaceHistory } from '../../race/raceHistory.js';
import { useStore } from '../../state/store.js';

export function RaceStatus({ history }: { readonly history: RaceHistory | undefined }): JSX.Element {
  const { state, messages, language } = useStore();
  const texts = messages.value.race;
  if (!history) return <p class="hint">{texts.notStarted}</p>;
  if (history.failure !== undefined) {
    return (
      <p class="warning" role="alert">
        {texts.failed(history.failure)}
      </p>
    );
  }
  if (history.status === 'loading') return <p role="status">{texts.loading}</p>;
  const { backend, step, imagesPerSecond, parameters, images } = history;
  const whole = (value: number): string => Math.round(value).toLocaleString(language.value);
  return (
    <>
      <progress max={RACE_STEPS} value={step} aria-label={texts.progress(step, RACE_STEPS)} />
      <dl class="facts">
        <div>
          <dt>{history.status === 'finished' ? texts.finished : texts.progress(step, RACE_STEPS)}</dt>
        </div>
        <div>
          <dt>{texts.runsOn}</dt>
          <dd data-backend>{backend}</dd>
        </div>
        {imagesPerSecond !== undefined && (
          <div>
            <dt>{texts.pace}</dt>
            <dd data-pace>{whole(imagesPerSecond)}</dd>
          </div>
        )}
      </dl>
      <p class="hint">{texts.facts(whole(parameters), whole(images), state.value.batch)}</p>
    </>
  );
}
