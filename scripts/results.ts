/**
 * @file Keeps finished studies in docs/results, without pictures and weights, and writes their reports and docs/results.md anew.
 *
 *   npm run results -- [STUDY_FOLDER…]
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reportContent } from '../apps/lab/src/reportPage/reportContent.js';
import { reportText } from '../apps/lab/src/reportPage/reportText.js';
import { STUDY_FILE, STUDY_TIMING_FILE } from '../apps/lab/src/study/study.js';
import { REPORT_TEXT, StudyFolder } from '../apps/lab/src/study/studyFolder.js';
import { DIFFERENCES, differencesPicture, keptStudies, RESULTS, resultsPage } from './docs/resultsPage.js';

for (const place of process.argv.slice(2)) {
  const study = await new StudyFolder(place).study();
  if (!study?.complete) throw new Error(`${place} holds no finished study`);
  const kept = path.join(RESULTS, path.basename(place));
  mkdirSync(kept, { recursive: true });
  for (const file of [STUDY_FILE, STUDY_TIMING_FILE]) copyFileSync(path.join(place, file), path.join(kept, file));
}
const studies = await keptStudies();
for (const kept of studies) {
  const content = reportContent(kept);
  writeFileSync(path.join(RESULTS, kept.name, REPORT_TEXT), reportText(content));
  writeFileSync(path.join(RESULTS, kept.name, DIFFERENCES), differencesPicture(content));
}
const page = new URL('../docs/results.md', import.meta.url);
writeFileSync(page, resultsPage(readFileSync(page, 'utf8'), studies));
