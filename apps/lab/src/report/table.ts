/**
 * @file The comparison as a table in the terminal.
 */
import Table from 'cli-table3';
import pc from 'picocolors';
import type { ComparisonRow } from './comparison.js';
import { grouped, percent, probability, signedPoints } from './format.js';

/** One line per pooling, with spaces instead of rules between columns. */
export function comparisonTable(rows: readonly ComparisonRow[], baseline: string): string {
  const table = new Table({
    head: ['pooling', 'test accuracy', `against ${baseline}`, '', 'loss', 'parameters', 'MMAC', 'ms/step', 'peak MB'],
    colAligns: ['left', 'right', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
    chars: invisibleRules,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  for (const row of rows) {
    table.push([
      pc.bold(row.pool),
      accuracy(row),
      difference(row),
      row.difference?.p === undefined ? '' : `p ${probability(row.difference.p)}`,
      row.loss.toFixed(3),
      grouped(row.parameters),
      (row.multiplyAdds / 1e6).toFixed(1),
      row.millisecondsPerStep.toFixed(row.millisecondsPerStep < 10 ? 1 : 0),
      (row.peakTensorBytes / 1e6).toFixed(0),
    ]);
  }
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}

function accuracy({ accuracy: { mean, halfWidth } }: ComparisonRow): string {
  if (halfWidth === undefined) return percent(mean);
  return `${(mean * 100).toFixed(1)} ± ${(halfWidth * 100).toFixed(1)} %`;
}

/** The difference in percentage points with its 95 % interval. */
function difference({ difference: found }: ComparisonRow): string {
  if (!found) return '–';
  if (found.halfWidth === undefined) return signedPoints(found.mean);
  const [low, high] = [found.mean - found.halfWidth, found.mean + found.halfWidth].map(signedPoints);
  return `${signedPoints(found.mean)} [${low}, ${high}]`;
}

const invisibleRules = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);
