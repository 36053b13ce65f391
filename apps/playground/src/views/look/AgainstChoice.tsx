/**
 * @file What the difference maps are differences from.
 */
import type { JSX } from 'preact';
import { Choice } from '../../components/Choice.js';
import { poolColour, poolName } from '../../components/poolAppearance.js';
import { useStore } from '../../state/store.js';

export function AgainstChoice(): JSX.Element {
  const { state, messages, update } = useStore();
  const { look } = messages.value;
  const pools = (['max', 'avg', 'soft'] as const).map((value) => ({
    value,
    label: poolName(value, messages.value),
    colour: poolColour(value),
  }));
  return (
    <Choice
      label={look.against}
      value={state.value.against}
      options={[{ value: 'original' as const, label: look.original }, ...pools]}
      onChange={(against) => update({ against })}
    />
  );
}
