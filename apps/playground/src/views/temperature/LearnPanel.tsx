/**
 * @file β while it is learned.
 */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { Choice } from '../../components/Choice.js';
import { LineChart } from '../../components/LineChart.js';
import { formatBeta, formatNumber } from '../../compute/format.js';
import type { BetaStep } from '../../compute/learnBeta.js';
import { useStore } from '../../state/store.js';
import { useBetaTraining } from './useBetaTraining.js';

export function LearnPanel(): JSX.Element {
  const { state, messages, update } = useStore();
  const texts = messages.value.temperature;
  const [steps, setSteps] = useState<readonly BetaStep[]>([]);
  const { isRunning, start, stop } = useBetaTraining(setSteps);
  const last = steps.at(-1);
  return (
    <section class="panel">
      <h2>{texts.learn}</h2>
      <p class="hint">{texts.learnLead}</p>
      <Choice
        label={texts.target}
        value={state.value.target}
        options={(['max', 'avg', 'sharp'] as const).map((value) => ({ value, label: texts.targets[value] }))}
        onChange={(target) => {
          stop();
          update({ target });
        }}
      />
      <div class="buttons">
        <button type="button" class="primary" onClick={isRunning ? stop : start}>
          {isRunning ? texts.stop : texts.start}
        </button>
      </div>
      <p class="mono" data-progress>
        {last ? texts.progress(steps.length, formatBeta(last.beta), formatNumber(last.loss, 5)) : ''}
      </p>
      {steps.length > 1 && <BetaChart steps={steps} />}
    </section>
  );
}

function BetaChart({ steps }: { readonly steps: readonly BetaStep[] }): JSX.Element {
  const texts = useStore().messages.value.temperature;
  const x = useMemo(() => steps.map((_, i) => i), [steps]);
  const lines = useMemo(
    () => [{ label: texts.learned, colour: 'var(--pool-soft)', values: steps.map(({ beta }) => beta) }],
    [steps, texts],
  );
  return <LineChart label={texts.betaLabel} x={x} lines={lines} xLabel={texts.step} yLabel="β" />;
}
