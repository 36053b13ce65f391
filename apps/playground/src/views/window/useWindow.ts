/**
 * @file The window that the state describes, with all its numbers.
 */
import { useMemo } from 'preact/hooks';
import { betaOf } from '../../compute/temperature.js';
import { type WindowNumbers, windowInputs, windowNumbers } from '../../compute/windowNumbers.js';
import { usePicture } from '../../pictures/usePicture.js';
import { useStore } from '../../state/store.js';

/** The window's top left cell. */
export interface Corner {
  readonly row: number;
  readonly column: number;
}

export interface HandWindow {
  readonly numbers: WindowNumbers;
  readonly isByHand: boolean;
  /** The cell that is explained, counted from 0. */
  readonly cell: number;
}

/** The window at `corner`, or the one with the values that were set by hand. */
export function useWindow(corner: Corner): HandWindow {
  const { windowSize, values, pooling, temperature, rule, cell } = useStore().state.value;
  const { picture } = usePicture();
  const { row, column } = corner;
  const isByHand = values.length === windowSize ** 2;
  const inputs = useMemo(
    () => (isByHand ? values : windowInputs(picture, { row, column }, windowSize)),
    [isByHand, values, picture, row, column, windowSize],
  );
  const numbers = useMemo(
    () => windowNumbers(inputs, { pooling, beta: betaOf(temperature), rule }),
    [inputs, pooling, temperature, rule],
  );
  return { numbers, isByHand, cell: Math.min(cell, inputs.length - 1) };
}
