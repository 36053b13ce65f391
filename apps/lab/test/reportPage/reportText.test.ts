import { expect, test } from 'vitest';
import { reportContent } from '../../src/reportPage/reportContent.js';
import { reportText } from '../../src/reportPage/reportText.js';
import type { FinishedStudy } from '../../src/study/runStudy.js';
import { studyOf } from '../support.js';

const threeSeeds = studyOf({ soft: [0.61, 0.72, 0.83], max: [0.6, 0.7, 0.8], avg: [0.5, 0.65, 0.6] });

/** The cells of the first table, by pooling and column. */
function tableOf(finished: FinishedStudy): Map<string, Record<string, string>> {
  const lines = reportText(reportContent(finished)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('| pooling'));
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const heads = cells(lines[start]!);
  const rows = lines.slice(start + 2, lines.indexOf('', start)).map(cells);
  return new Map(rows.map((row) => [row[0]!, Object.fromEntries(heads.map((head, i) => [head, row[i]!]))]));
}

const numbers = (text: string): number[] => (text.replaceAll('−', '-').match(/[+-]?\d*\.?\d+/g) ?? []).map(Number);

test('the table has the numbers of study.json, to the digits that it shows', () => {
  const table = tableOf(threeSeeds);
  expect([...table.keys()]).toEqual(['soft', 'max', 'avg']);
  for (const { pool, accuracy, difference, loss } of threeSeeds.study.comparisons) {
    const row = table.get(pool)!;
    const [mean, halfWidth] = numbers(row['test accuracy']!);
    expect(mean).toBeCloseTo(100 * accuracy.mean, 1);
    expect(halfWidth).toBeCloseTo(100 * accuracy.halfWidth!, 1);
    expect(Number(row['test loss'])).toBeCloseTo(loss, 3);
    if (!difference?.test) {
      expect([row['against max'], row.p, row.verdict]).toEqual(['–', '', 'baseline']);
      continue;
    }
    const wanted = [difference.mean, difference.test.low, difference.test.high];
    numbers(row['against max']!).forEach((value, i) => {
      expect(value).toBeCloseTo(100 * wanted[i]!, 1);
    });
    expect(Number(row.p)).toBeCloseTo(difference.test.pHolm, 2);
    expect(row.verdict).toBe('can’t be told');
  }
  expect(table.get('soft')).toMatchObject({ parameters: '24,346', MMAC: '2.8', 'ms/step': '12', 'peak MB': '54' });
});

test('says first what the study found, and how it is repeated', () => {
  const text = reportText(reportContent(threeSeeds));
  const [title, , headline] = text.split('\n');
  expect(title).toBe('# smallCnn on parity: poolings compared');
  expect(headline).toBe(`**${threeSeeds.study.conclusion}**`);
  expect(text).toContain('```sh\nnpx softgrad compare --data shapes');
  expect(text).toContain('With 3 seeds only large differences can be seen');
  expect(text).not.toMatch(/undefined|NaN|\[object/);
});

test('says so when runs are missing, and when one seed tells nothing', () => {
  expect(reportText(reportContent(studyOf({ soft: [0.5, undefined], max: [0.6, 0.7] })))).toContain(
    '> 3 of 4 runs are done.',
  );
  expect(reportText(reportContent(studyOf({ soft: [0.5], max: [0.6] })))).toContain('One seed can’t tell a difference');
});

test('names from a file can’t break the table', () => {
  const { study, timing } = threeSeeds;
  const data = { ...study.data, name: 'a | b\n# c <script> [x](http://example.org)' };
  const text = reportText(reportContent({ study: { ...study, data }, timing }));
  expect(text.split('\n')[0]).toBe(
    '# smallCnn on a \\| b \\# c \\<script\\> [x]\\(http://example.org): poolings compared',
  );
});
