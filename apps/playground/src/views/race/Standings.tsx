/**
 * @file The numbers behind the curves.
 */
import type { JSX } from 'preact';
import { poolName } from '../../components/poolAppearance.js';
import { formatNumber } from '../../compute/format.js';
import { poolCurves, type RaceHistory, runningMean } from '../../race/raceHistory.js';
import { useStore } from '../../state/store.js';
import { LOSS_SPAN } from './RaceCharts.js';

export function Standings({ history }: { readonly history: RaceHistory }): JSX.Element {
  const { messages } = useStore();
  const texts = messages.value.race;
  const { lanes, losses, accuracies, betas } = history;
  const meanLosses = poolCurves(
    lanes,
    losses.map((values) => runningMean(values, LOSS_SPAN)),
  );
  const meanAccuracies = poolCurves(lanes, accuracies);
  const learnsBeta = betas.some((values) => values.at(-1) !== null);
  return (
    <section class="panel">
      <h2>{texts.standings}</h2>
      <table class="plain-table">
        <thead>
          <tr>
            <th scope="col">{texts.pooling}</th>
            <th scope="col">{texts.meanLoss}</th>
            <th scope="col">{texts.meanAccuracy}</th>
            {learnsBeta && <th scope="col">{texts.beta}</th>}
          </tr>
        </thead>
        <tbody>
          {meanLosses.map(({ pool, mean }, i) => (
            <tr key={pool} data-pool={pool}>
              <th scope="row">{poolName(pool, messages.value)}</th>
              <td data-loss>{formatNumber(mean.at(-1) ?? Number.NaN, 3)}</td>
              <td data-accuracy>
                <Accuracy curve={meanAccuracies[i]!} />
              </td>
              {learnsBeta && <td data-beta>{formatNumber(lastBeta(history, pool) ?? Number.NaN, 3)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface AccuracyProps {
  readonly curve: {
    readonly mean: readonly number[];
    readonly low: readonly number[];
    readonly high: readonly number[];
  };
}

/** The mean, and the range over seeds where there are several. */
function Accuracy({ curve: { mean, low, high } }: AccuracyProps): JSX.Element {
  const texts = useStore().messages.value.race;
  const percent = (value: number | undefined): string => formatNumber(100 * (value ?? Number.NaN), 1);
  const isRange = low.at(-1) !== high.at(-1);
  return (
    <>
      {percent(mean.at(-1))} {mean.length > 0 && texts.percent}
      {isRange && <small> ({texts.range(percent(low.at(-1)), percent(high.at(-1)))})</small>}
    </>
  );
}

function lastBeta({ lanes, betas }: RaceHistory, pool: string): number | undefined {
  const lane = lanes.findIndex((name) => name.pool === pool);
  return betas[lane]?.at(-1) ?? undefined;
}
