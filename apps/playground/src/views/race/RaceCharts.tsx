/**
 * @file Loss and accuracy of every pooling, with a band over its seeds.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { type Line, LineChart } from '../../components/LineChart.js';
import { poolColour, poolName } from '../../components/poolAppearance.js';
import { type PoolCurve, poolCurves, type RaceHistory, runningMean } from '../../race/raceHistory.js';
import { useStore } from '../../state/store.js';

/** Steps over which the training loss is averaged. */
export const LOSS_SPAN = 10;
const PERCENT = [0, 100] as const;

interface HistoryProps {
  readonly history: RaceHistory;
}

export function RaceCharts({ history }: HistoryProps): JSX.Element {
  return (
    <div class="charts">
      <LossChart history={history} />
      <AccuracyChart history={history} />
    </div>
  );
}

function LossChart({ history: { lanes, losses } }: HistoryProps): JSX.Element {
  const { messages } = useStore();
  const texts = messages.value.race;
  const curves = useMemo(
    () =>
      poolCurves(
        lanes,
        losses.map((values) => runningMean(values, LOSS_SPAN)),
      ),
    [lanes, losses],
  );
  const steps = useMemo(() => losses[0]!.map((_, i) => i + 1), [losses]);
  return (
    <section class="panel">
      <h2>{texts.loss}</h2>
      <LineChart label={texts.lossLabel} x={steps} lines={useLines(curves)} xLabel={texts.axis} yLabel={texts.loss} />
    </section>
  );
}

function AccuracyChart({ history: { lanes, accuracies, testSteps } }: HistoryProps): JSX.Element {
  const texts = useStore().messages.value.race;
  const curves = useMemo(
    () =>
      poolCurves(
        lanes,
        accuracies.map((values) => values.map((value) => 100 * value)),
      ),
    [lanes, accuracies],
  );
  return (
    <section class="panel">
      <h2>{texts.accuracy}</h2>
      <LineChart
        label={texts.accuracyLabel}
        x={testSteps}
        lines={useLines(curves)}
        xLabel={texts.axis}
        yLabel={texts.percent}
        yRange={PERCENT}
        digits={1}
      />
    </section>
  );
}

function useLines(curves: readonly PoolCurve[]): Line[] {
  const { messages } = useStore();
  return useMemo(
    () =>
      curves.map(({ pool, mean, low, high }) => ({
        ...{ label: poolName(pool, messages.value), colour: poolColour(pool), values: mean, low, high },
      })),
    [curves, messages.value],
  );
}
