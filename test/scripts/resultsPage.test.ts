import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { reportContent } from '../../apps/lab/src/reportPage/reportContent.js';
import { reportText } from '../../apps/lab/src/reportPage/reportText.js';
import { compareRuns, conclusion } from '../../apps/lab/src/study/comparisons.js';
import { DIFFERENCES, differencesPicture, keptStudies, RESULTS, resultsPage } from '../../scripts/docs/resultsPage.js';

const page = readFileSync(new URL('../../docs/results.md', import.meta.url), 'utf8');
const studies = await keptStudies();

test('docs/results.md is what npm run results makes of the studies', () => {
  expect(studies.length).toBeGreaterThan(1);
  expect(resultsPage(page, studies)).toBe(page);
});

describe.each(studies.map((kept) => [kept.name, kept] as const))('%s', (name, kept) => {
  const { study } = kept;

  test('is finished, and its report and picture are what its files say', () => {
    expect(study.complete).toBe(true);
    expect(study.runs).toHaveLength(study.settings.pools.length * study.settings.seeds.length);
    const content = reportContent(kept);
    expect(readFileSync(path.join(RESULTS, name, 'report.md'), 'utf8')).toBe(reportText(content));
    expect(readFileSync(path.join(RESULTS, name, DIFFERENCES), 'utf8')).toBe(differencesPicture(content));
  });

  test('its comparisons follow from the predictions of its runs', () => {
    expect(compareRuns(study)).toEqual(study.comparisons);
    expect(conclusion(study.comparisons, study.settings.baseline)).toBe(study.conclusion);
  });
});
