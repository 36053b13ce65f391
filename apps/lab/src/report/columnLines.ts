/**
 * @file A table in the terminal: columns that are set apart by spaces.
 */
import { styleText } from 'node:util';
import Table from 'cli-table3';

export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
  readonly cells: readonly string[];
}

/** Two spaces on the left, as everywhere below the heading. */
const MARGIN = '  ';

/** Lines of columns that are set apart by spaces instead of rules. A column without cells is left out. */
export function columnLines(all: readonly Column[]): string[] {
  const columns = all.filter(({ head, cells }) => head !== '' || cells.some((cell) => cell !== ''));
  const table = new Table({
    head: columns.map(({ head }) => styleText('dim', head)),
    colAligns: columns.map(({ align }) => align),
    chars: noRules,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  const count = columns[0]?.cells.length ?? 0;
  for (let i = 0; i < count; i++) table.push(columns.map(({ cells }) => cells[i] ?? ''));
  return table
    .toString()
    .split('\n')
    .map((line) => MARGIN + line.trimEnd());
}

const noRules = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);
