/**
 * @file Which strategies are shown side by side.
 */
import type { JSX } from 'preact';
import { existingStrategies } from '../compute/strategies.js';
import { useStore } from '../state/store.js';
import { PoolsChoice } from './PoolsChoice.js';

export function ShownPools(): JSX.Element {
  const { state, messages, update } = useStore();
  return (
    <PoolsChoice
      label={messages.value.look.strategies}
      values={existingStrategies(state.value.pools)}
      onChange={(pools) => update({ pools })}
    />
  );
}
