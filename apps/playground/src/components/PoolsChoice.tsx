/**
 * @file Which strategies are shown.
 */

import type { JSX } from 'preact';
import * as nn from 'softgrad/nn';
import { existingStrategies, strategyNames } from '../compute/strategies.js';
import { useStore } from '../state/store.js';
import { Several } from './Choice.js';
import { poolColour, poolName } from './poolAppearance.js';

export function PoolsChoice(): JSX.Element {
  const { state, messages, update } = useStore();
  const options = strategyNames().map((value) => ({
    value,
    label: poolName(value, messages.value),
    colour: poolColour(value),
    title: nn.poolStrategy(value).summary,
  }));
  return (
    <Several
      label={messages.value.look.strategies}
      options={options}
      values={existingStrategies(state.value.pools)}
      onChange={(pools) => update({ pools })}
    />
  );
}
