/**
 * @file Writes a study's report beside its `study.json`.
 */
import path from 'node:path';
import { writeFileAtomically } from 'softgrad/io';
import type { FinishedStudy } from '../study/runStudy.js';
import { REPORT_PAGE, REPORT_TEXT } from '../study/studyFolder.js';
import { reportContent } from './reportContent.js';
import { reportText } from './reportText.js';

/** Both files are written whole or not at all: whoever is reading the page meanwhile has the old one or the new one. */
export async function writeReport(folder: string, finished: FinishedStudy): Promise<void> {
  // Charts and markup are only loaded when there is something to draw.
  const { renderPage } = await import('./renderPage.js');
  const content = reportContent(finished);
  for (const [name, text] of [
    [REPORT_TEXT, reportText(content)],
    [REPORT_PAGE, renderPage(content)],
  ] as const) {
    await writeFileAtomically('report', path.join(folder, name), Buffer.from(text));
  }
}
