/**
 * @file How far the outputs jump.
 */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { poolName } from '../../components/poolAppearance.js';
import { formatNumber } from '../../compute/format.js';
import { largestJump, meanLargestJump, trace } from '../../compute/shiftTest.js';
import { useStore } from '../../state/store.js';
import type { ShiftTest } from './useShiftTest.js';

export function JumpTable({ test }: { readonly test: ShiftTest }): JSX.Element {
  const { messages } = useStore();
  const { shift: texts } = messages.value;
  const { pools, side, row, column } = test;
  const means = useMemo(() => pools.map(({ shifts }) => meanLargestJump(shifts)), [pools]);
  return (
    <table class="plain-table">
      <caption class="visually-hidden">{texts.table}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.pooling}</th>
          <th scope="col">{texts.jump}</th>
          <th scope="col">{texts.meanJump}</th>
        </tr>
      </thead>
      <tbody>
        {pools.map(({ name, shifts }, i) => (
          <tr key={name} data-pool={name}>
            <th scope="row">{poolName(name, messages.value)}</th>
            <td>{formatNumber(largestJump(trace(shifts, row * side + column)), 3)}</td>
            <td data-mean-jump>{formatNumber(means[i]!, 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
