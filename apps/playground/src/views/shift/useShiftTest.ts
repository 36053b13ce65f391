/**
 * @file The pooled outputs of every shift, and the cell that is watched.
 */
import { useMemo } from 'preact/hooks';
import { usePoolSettings } from '../../components/useSettings.js';
import { type Pooled, pooledShifts } from '../../compute/shiftTest.js';
import { existingStrategies } from '../../compute/strategies.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useStore } from '../../state/store.js';

export interface ShiftTest {
  /** For each strategy its outputs by shift; strategies that can't have such windows are left out. */
  readonly pools: readonly { readonly name: string; readonly shifts: readonly Pooled[] }[];
  /** Cells on each side of the outputs. */
  readonly side: number;
  /** The watched cell. */
  readonly row: number;
  readonly column: number;
}

export function useShiftTest(): ShiftTest {
  const { pools: chosen, lensX, lensY } = useStore().state.value;
  const { picture } = usePicture();
  const settings = usePoolSettings();
  const names = existingStrategies(chosen).join();
  const pools = useMemo(
    () =>
      names.split(',').flatMap((name) => {
        try {
          return [{ name, shifts: pooledShifts(picture, name, settings) }];
        } catch {
          // The first view shows the reason beside the strategy.
          return [];
        }
      }),
    [names, picture, settings],
  );
  const side = pools[0]?.shifts[0]?.side ?? 1;
  const at = (fraction: number): number => Math.min(side - 1, Math.floor(fraction * side));
  return { pools, side, row: at(lensY), column: at(lensX) };
}
