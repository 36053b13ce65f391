/**
 * @file Name and colour of a strategy, the same in every view.
 */
import { strategyNames } from '../compute/strategies.js';
import type { Messages } from '../i18n/messages.js';

/** The name in the reader's language, or the library's own for a strategy that has no translation. */
export function poolName(name: string, { common }: Messages): string {
  return common.pools[name] ?? name;
}

/** A CSS colour. */
export function poolColour(name: string): string {
  if (name === 'soft' || name === 'max' || name === 'avg') return `var(--pool-${name})`;
  return `var(--pool-${((strategyNames().indexOf(name) + 5) % 5) + 1})`;
}
