/**
 * @file The comparison as a table in the terminal.
 */
import { stripVTControlCharacters, styleText } from 'node:util';
import { accuracyText, lossText, megabytesText, megaMultiplyAdds, milliseconds, probabilityText } from './cells.js';
import { type Column, columnLines } from './columnLines.js';
import type { ComparisonRow } from './comparison.js';
import { grouped, signedPoints } from './format.js';

/** One line per pooling; results and costs beside each other, or below each other where `columns` are too few. */
export function comparisonTable(rows: readonly ComparisonRow[], baseline: string, columns: number): string {
  const names = column('pooling', 'left', rows, ({ pool }) => styleText('bold', pool));
  const [results, costs] = [resultColumns(rows, baseline), costColumns(rows)];
  const wide = columnLines([names, ...results, ...costs]);
  if (wide.every((line) => stripVTControlCharacters(line).length < columns)) return wide.join('\n');
  return [...columnLines([names, ...results]), '', ...columnLines([names, ...costs])].join('\n');
}

function resultColumns(rows: readonly ComparisonRow[], baseline: string): Column[] {
  return [
    column('test accuracy', 'right', rows, ({ accuracy }) => accuracyText(accuracy)),
    { head: `against ${baseline}`, align: 'left', cells: differences(rows) },
    column('', 'left', rows, ({ difference }) => (difference?.test ? `p ${probabilityText(difference)}` : '')),
    column('loss', 'right', rows, ({ loss }) => lossText(loss)),
  ];
}

function costColumns(rows: readonly ComparisonRow[]): Column[] {
  return [
    column('parameters', 'right', rows, ({ parameters }) => grouped(parameters)),
    column('MMAC', 'right', rows, ({ multiplyAdds }) => megaMultiplyAdds(multiplyAdds)),
    column('ms/step', 'right', rows, ({ millisecondsPerStep }) => milliseconds(millisecondsPerStep)),
    column('peak MB', 'right', rows, ({ peakTensorBytes }) => megabytesText(peakTensorBytes)),
  ];
}

function column(
  head: string,
  align: Column['align'],
  rows: readonly ComparisonRow[],
  cell: (row: ComparisonRow) => string,
): Column {
  return { head, align, cells: rows.map(cell) };
}

/** Differences in percentage points with their 95 % intervals, aligned at their signs. */
function differences(rows: readonly ComparisonRow[]): string[] {
  const points = rows.map(({ difference: found }) => {
    if (!found) return [];
    const { mean, test } = found;
    return (test ? [mean, test.low, test.high] : [mean]).map(signedPoints);
  });
  const width = (place: number): number => Math.max(...points.map((texts) => texts[place]?.length ?? 0));
  return points.map(([mean, low, high]) => {
    if (mean === undefined) return '–'.padStart(width(0));
    const aligned = mean.padStart(width(0));
    return low === undefined || high === undefined
      ? aligned
      : `${aligned} [${low.padStart(width(1))}, ${high.padStart(width(2))}]`;
  });
}
