/**
 * @file Writes a study's report beside its `study.json`.
 */
import path from 'node:path';
import type { Dataset } from 'softgrad/data';
import { writeFileAtomically } from 'softgrad/io';
import type { FinishedStudy } from '../study/runStudy.js';
import { REPORT_PAGE, REPORT_TEXT } from '../study/studyFolder.js';
import { gatherEvidence } from './evidence/evidence.js';
import { reportContent } from './reportContent.js';
import { reportText } from './reportText.js';

/**
 * Both files are written whole or not at all: whoever is reading the page meanwhile has the old one or the new one.
 *
 * @param test the study's test samples, or why they aren't at hand
 * @returns what the page can't show, and why
 */
export async function writeReport(
  folder: string,
  finished: FinishedStudy,
  test: Dataset | Error,
): Promise<readonly string[]> {
  // Charts and markup are only loaded when there is something to draw.
  const { renderPage } = await import('./renderPage.js');
  const content = reportContent(finished);
  const evidence = await gatherEvidence(finished.study, folder, test);
  const page = await renderPage(content, evidence);
  await write(folder, REPORT_TEXT, reportText(content));
  await write(folder, REPORT_PAGE, page);
  return evidence.missing;
}

async function write(folder: string, name: string, text: string): Promise<void> {
  await writeFileAtomically('report', path.join(folder, name), Buffer.from(text));
}
