/**
 * @file docs/results.md and what lies in docs/results: each study as its own files tell it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { grouped } from '../../apps/lab/src/report/format.js';
import { differenceChart, differenceRows } from '../../apps/lab/src/reportPage/charts/differenceChart.js';
import { lookOf } from '../../apps/lab/src/reportPage/page/look.js';
import { type ReportContent, reportContent } from '../../apps/lab/src/reportPage/reportContent.js';
import { COLUMNS_EXPLAINED, comparisonTable, plain } from '../../apps/lab/src/reportPage/reportText.js';
import type { FinishedStudy } from '../../apps/lab/src/study/runStudy.js';
import { StudyFolder } from '../../apps/lab/src/study/studyFolder.js';
import { chartPicture } from './chartPicture.js';
import { withGeneratedPart } from './generatedPart.js';

/** A folder for each study. */
export const RESULTS = fileURLToPath(new URL('../../docs/results/', import.meta.url));

/** What is written by hand: what was asked, and what the study can show and can't. */
const NOTES = 'notes.md';

/** The paired-difference plot of the report. */
export const DIFFERENCES = 'differences.svg';
/** Of that picture, in CSS pixels. */
const PICTURE_WIDTH = 560;

export interface KeptStudy extends FinishedStudy {
  /** Of its folder. */
  readonly name: string;
  /** Empty if there are none. */
  readonly notes: string;
}

/**
 * All studies that are kept, by name. A folder with notes alone is that of a study to come.
 *
 * @throws Error that names the folder if a study has no times
 */
export async function keptStudies(folder = RESULTS): Promise<KeptStudy[]> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = entries.map(({ name }) => name).sort();
  const studies = await Promise.all(names.map((name) => keptStudy(folder, name)));
  return studies.flatMap((kept) => kept ?? []);
}

async function keptStudy(folder: string, name: string): Promise<KeptStudy | undefined> {
  const place = new StudyFolder(path.join(folder, name));
  const [study, timing] = [await place.study(), await place.timing()];
  if (!study) return undefined;
  if (!timing) throw new Error(`${place.folder} has a study.json, but no timing.json`);
  const notes = path.join(place.folder, NOTES);
  return { name, study, timing, notes: existsSync(notes) ? readFileSync(notes, 'utf8').trim() : '' };
}

/** The page with a section for each study. */
export function resultsPage(page: string, studies: readonly KeptStudy[]): string {
  const sections = studies.map((kept) => section(kept, reportContent(kept)));
  return withGeneratedPart(page, 'npm run results', [COLUMNS_EXPLAINED, ...sections].join('\n\n'));
}

/** How far each pooling is from the baseline, as an SVG file. */
export function differencesPicture(content: ReportContent): string {
  const { baseline, pools } = content.study.settings;
  const { colours } = lookOf(pools);
  return chartPicture(differenceChart(differenceRows(content), { baseline, colours, width: PICTURE_WIDTH }));
}

function section({ name, notes, study }: KeptStudy, content: ReportContent): string {
  const { settings, data } = study;
  return [
    `## ${plain(content.title)}`,
    ...(notes === '' ? [] : [notes]),
    `${grouped(data.trainImages)} training and ${grouped(data.testImages)} test samples, ${settings.epochs} epochs, seeds ` +
      `${settings.seeds.join(', ')}. **${plain(study.conclusion)}**`,
    comparisonTable(content),
    `![How far each pooling is from ${settings.baseline}, seed by seed](results/${name}/${DIFFERENCES})`,
    content.limits.map((limit) => `- ${plain(limit)}`).join('\n'),
    ['```sh', ...content.commands, '```'].join('\n'),
    `With ${study.arithmetic} this gives [study.json](results/${name}/study.json) to the byte; its times are in ` +
      `[timing.json](results/${name}/timing.json), and [report.md](results/${name}/report.md) has all settings.`,
  ].join('\n\n');
}
