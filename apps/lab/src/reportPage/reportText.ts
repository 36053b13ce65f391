/**
 * @file `report.md`: the report for a README, an issue or a terminal.
 */
import {
  accuracyText,
  differenceText,
  lossText,
  megabytesText,
  megaMultiplyAdds,
  milliseconds,
  probabilityText,
} from '../report/cells.js';
import { grouped } from '../report/format.js';
import type { ReportContent, ReportRow } from './reportContent.js';
import type { SettingRow } from './words/settingRows.js';
import { verdictText } from './words/verdict.js';

/** What the columns of `comparisonTable` mean. */
export const COLUMNS_EXPLAINED =
  'Test accuracy: mean over seeds, ± half its 95 % interval (Student’s t). Differences: percentage points between runs of the ' +
  'same seed, with a 95 % bootstrap interval over seeds and test samples. p: paired t-test, corrected by Holm’s method. A ' +
  'pooling is called better or worse if p is below .05 and the interval leaves out 0. MMAC: million multiply-adds of one sample.';

export function reportText(content: ReportContent): string {
  const { title, headline, unfinished, settings, machine, commands, limits, study } = content;
  const parts = [
    `# ${plain(title)}: poolings compared`,
    `**${plain(headline)}**`,
    ...(unfinished === undefined ? [] : [`> ${unfinished}`]),
    comparisonTable(content),
    ...(headline === study.conclusion ? [] : [plain(study.conclusion)]),
    COLUMNS_EXPLAINED,
    '## Limits of the evidence',
    limits.map((limit) => `- ${plain(limit)}`).join('\n'),
    '## The command that repeats it',
    ['```sh', ...commands, '```'].join('\n'),
    '## Settings',
    table(['setting', 'value'], [...settings, ...machine].map(settingCells), ['---', '---']),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A row for each pooling, the best mean accuracy first. */
export function comparisonTable({ rows, study: { settings } }: ReportContent): string {
  const heads = ['pooling', 'runs', 'test accuracy', `against ${settings.baseline}`, 'p', 'verdict', 'test loss'];
  const costs = ['parameters', 'MMAC', 'ms/step', 'peak MB'];
  const rules = ['---', '--:', '--:', '--:', '--:', '---', '--:', '--:', '--:', '--:', '--:'];
  return table([...heads, ...costs], rows.map(rowCells), rules);
}

function rowCells(row: ReportRow): string[] {
  return [
    row.pool,
    String(row.runs),
    accuracyText(row.accuracy),
    differenceText(row.difference),
    probabilityText(row.difference),
    verdictText(row.verdict),
    lossText(row.loss),
    grouped(row.parameters),
    megaMultiplyAdds(row.multiplyAdds),
    milliseconds(row.millisecondsPerStep),
    megabytesText(row.peakTensorBytes),
  ];
}

function settingCells([name, value]: SettingRow): string[] {
  return [name, value];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[], rules: readonly string[]): string {
  return [heads.map(plain), rules, ...rows.map((cells) => cells.map(plain))].map(line).join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text that Markdown takes as it is. Names of classes and poolings come from a file. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_<>|#]/g, '\\$&')
    .replaceAll('](', ']\\(');
}
