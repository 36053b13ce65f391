/**
 * @file The window settings of the state, as the computations take them.
 */
import { useMemo } from 'preact/hooks';
import type { PoolSettings } from '../compute/strategies.js';
import { betaOf } from '../compute/temperature.js';
import { useStore } from '../state/store.js';

export function usePoolSettings(): PoolSettings {
  const { kernel, stride, padding, temperature } = useStore().state.value;
  return useMemo(
    () => ({ kernel, stride, padding: Math.min(padding, Math.floor(kernel / 2)), beta: betaOf(temperature) }),
    [kernel, stride, padding, temperature],
  );
}
