/**
 * @file What a pooling costs, in several ways.
 */
import { megabytesText, megaMultiplyAdds, milliseconds } from '../../report/cells.js';
import { grouped } from '../../report/format.js';
import type { ReportRow } from '../reportContent.js';

/** What of a row is a cost. */
export type Costly = Pick<ReportRow, 'millisecondsPerStep' | 'peakTensorBytes' | 'parameters' | 'multiplyAdds'>;

export interface Cost {
  readonly title: string;
  readonly unit: string;
  readonly of: (row: Costly) => number;
  readonly text: (value: number) => string;
  /** Ticks lie between the values, and may need more digits. Default: as `text`. */
  readonly tick?: (value: number) => string;
  /** A time, of which no two are the same, whatever their rounded texts say. */
  readonly isMeasured?: boolean;
}

export const COSTS: readonly Cost[] = [
  {
    ...{ title: 'Training step', unit: 'ms per step', text: milliseconds },
    of: ({ millisecondsPerStep }) => millisecondsPerStep,
    tick: shortest,
    isMeasured: true,
  },
  {
    ...{ title: 'Peak memory', unit: 'MB held by tensors', text: megabytesText },
    of: ({ peakTensorBytes }) => peakTensorBytes,
    tick: (value) => shortest(value / 1e6),
  },
  { title: 'Parameters', unit: 'trained values', of: ({ parameters }) => parameters, text: grouped },
  {
    ...{ title: 'Multiply-adds', unit: 'million per sample', text: megaMultiplyAdds },
    of: ({ multiplyAdds }) => multiplyAdds,
    tick: (value) => shortest(value / 1e6),
  },
];

/** Without digits that say nothing. */
function shortest(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Costs in which poolings differ. Where more than half of them agree on a count, the table tells the others at a glance. */
export function differingCosts(rows: readonly Costly[]): Cost[] {
  return COSTS.filter((cost) => {
    const texts = rows.map((row) => cost.text(cost.of(row)));
    const most = Math.max(...texts.map((text) => texts.filter((other) => other === text).length));
    const known = rows.every((row) => Number.isFinite(cost.of(row)) && cost.of(row) > 0);
    const isShared = most === rows.length || most * 2 > rows.length;
    return known && rows.length > 1 && (cost.isMeasured || !isShared);
  });
}
