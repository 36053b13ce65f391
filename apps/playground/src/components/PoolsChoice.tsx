/**
 * @file Some of the strategies: the three that everybody knows at hand, the others behind a fold.
 */

import type { JSX } from 'preact';
import * as nn from 'softgrad/nn';
import { KNOWN_STRATEGIES, strategyNames } from '../compute/strategies.js';
import { useStore } from '../state/store.js';
import { type Option, Several } from './Choice.js';
import { poolColour, poolName } from './poolAppearance.js';

export interface PoolsChoiceProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

export function PoolsChoice({ label, values, onChange }: PoolsChoiceProps): JSX.Element {
  const { messages } = useStore();
  const { common } = messages.value;
  const options = strategyNames().map(
    (value): Option<string> => ({
      ...{ value, label: poolName(value, messages.value), colour: poolColour(value) },
      title: nn.poolStrategy(value).summary,
    }),
  );
  const isKnown = ({ value }: Option<string>): boolean => KNOWN_STRATEGIES.includes(value);
  const hasOther = values.some((value) => !KNOWN_STRATEGIES.includes(value));
  const others = options.filter((option) => !isKnown(option));
  return (
    <div class="pools-choice">
      <Several label={label} options={options.filter(isKnown)} values={values} onChange={onChange} />
      {others.length > 0 && (
        <details open={hasOther}>
          <summary>{common.otherPools(others.length)}</summary>
          <p class="hint">{common.otherPoolsHint}</p>
          <Several label={common.otherPools(others.length)} options={others} values={values} onChange={onChange} />
        </details>
      )}
    </div>
  );
}
