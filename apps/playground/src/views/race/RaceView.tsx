/**
 * @file Seventh view: networks that differ in their pooling alone, trained here and now.
 */
import type { JSX } from 'preact';
import { Choice } from '../../components/Choice.js';
import { Page } from '../../components/Page.js';
import { PoolsChoice } from '../../components/PoolsChoice.js';
import { Slider } from '../../components/Slider.js';
import { existingStrategies } from '../../compute/strategies.js';
import { offeredBackends } from '../../race/backendChoices.js';
import { useStore } from '../../state/store.js';
import { InsideNetworks } from './InsideNetworks.js';
import { RaceButtons } from './RaceButtons.js';
import { RaceCharts } from './RaceCharts.js';
import { RaceStatus } from './RaceStatus.js';
import { Standings } from './Standings.js';
import { useRace } from './useRace.js';

export function RaceView(): JSX.Element {
  const race = useRace();
  const { history } = race;
  return (
    <Page view="race" controls={<Controls />}>
      <div class="panel">
        <RaceButtons race={race} />
        <RaceStatus history={history} />
      </div>
      {history && history.step > 0 && (
        <>
          <RaceCharts history={history} />
          <Standings history={history} />
        </>
      )}
      {history && history.inside.length > 0 && <InsideNetworks networks={history.inside} />}
    </Page>
  );
}

function Controls(): JSX.Element {
  const { state, messages, update } = useStore();
  const texts = messages.value.race;
  const { racers, seeds, batch, backend } = state.value;
  return (
    <>
      <PoolsChoice
        label={texts.racers}
        values={existingStrategies(racers)}
        onChange={(values) => update({ racers: values })}
      />
      <Slider label={texts.seeds} value={seeds} min={1} max={5} onChange={(value) => update({ seeds: value })} />
      <Choice
        label={texts.batch}
        value={batch}
        options={(['16', '32', '64'] as const).map((value) => ({ value, label: value }))}
        onChange={(value) => update({ batch: value })}
      />
      <Choice
        label={texts.backend}
        value={backend}
        options={offeredBackends().map((value) => ({ value, label: texts.backends[value] }))}
        onChange={(value) => update({ backend: value })}
      />
    </>
  );
}
