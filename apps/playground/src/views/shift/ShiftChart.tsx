/**
 * @file The watched cell of each pooling against the shift.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../../components/LineChart.js';
import { poolColour, poolName } from '../../components/poolAppearance.js';
import { MOST_SHIFT, trace } from '../../compute/shiftTest.js';
import { useStore } from '../../state/store.js';
import type { ShiftTest } from './useShiftTest.js';

const SHIFTS = Array.from({ length: MOST_SHIFT + 1 }, (_, shift) => shift);
const ACTIVATIONS = [-2.2, 4.2] as const;

export function ShiftChart({ test }: { readonly test: ShiftTest }): JSX.Element {
  const { state, messages } = useStore();
  const { shift: texts } = messages.value;
  const { pools, side, row, column } = test;
  const lines = useMemo(
    () =>
      pools.map(({ name, shifts }) => ({
        label: poolName(name, messages.value),
        colour: poolColour(name),
        values: trace(shifts, row * side + column),
      })),
    [pools, side, row, column, messages.value],
  );
  return (
    <LineChart
      label={texts.chartLabel}
      x={SHIFTS}
      lines={lines}
      xLabel={texts.axis}
      yLabel={texts.output}
      yRange={ACTIVATIONS}
      mark={state.value.shift}
    />
  );
}
