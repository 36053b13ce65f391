/**
 * @file What is printed above and below a study's progress.
 */
import path from 'node:path';
import { styleText } from 'node:util';
import { oneLine } from '../oneLine.js';
import { DATA_TITLES, type StudyData } from '../study/datasets.js';
import type { FinishedStudy } from '../study/runStudy.js';
import type { StudySettings } from '../study/settings.js';
import { STUDY_FILE, STUDY_TIMING_FILE, type Study } from '../study/study.js';
import { REPORT_PAGE, REPORT_TEXT } from '../study/studyFolder.js';
import { comparisonRows } from './comparison.js';
import { duration, grouped } from './format.js';
import { comparisonTable } from './table.js';

/** What is going to be compared, and on what; in two lines where one has no room. */
export function heading(settings: StudySettings, { train, test }: StudyData, backend: string, columns: number): string {
  const title = `${settings.model} on ${DATA_TITLES[settings.data]}`;
  const images = `${grouped(train.length)} train, ${grouped(test.length)} test`;
  const rest = [backend, `baseline ${settings.baseline}`].join(' · ');
  const separator = `${title} · ${images} · ${rest}`.length < columns ? ' · ' : '\n';
  return `${styleText('bold', title)} · ${images}${separator}${rest}\n`;
}

/** The table, and what it means. */
export function summary(finished: FinishedStudy, columns: number): string {
  const { study } = finished;
  const { baseline } = study.settings;
  const rows = comparisonRows(finished);
  const lines = rows.length > 0 ? ['', comparisonTable(rows, baseline, columns), '', `  ${study.conclusion}`] : [''];
  return `${lines.join('\n')}\n`;
}

/** What a report can't show, a line each. */
export function unshown(missing: readonly string[]): string {
  return missing.map((what) => `softgrad: the report doesn’t show ${oneLine(what)}\n`).join('');
}

/** What happened to the study: `before` of its runs were there, and so many `seconds` it took. */
export interface Outcome {
  readonly folder: string;
  readonly before: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}

/** Where the results are, how long they took, and what is still missing. */
export function whereabouts({ settings, runs, complete }: Study, outcome: Outcome): string {
  const { before, seconds, interrupted } = outcome;
  const folder = path.normalize(outcome.folder);
  const planned = settings.pools.length * settings.seeds.length;
  const kept = before > 0 ? `, ${before} of ${runs.length} runs from before` : '';
  const lines = [
    ...(runs.length > 0
      ? [
          `  ${styleText('bold', path.join(folder, REPORT_PAGE))} shows it all, after ${duration(seconds)}${kept}`,
          `  ${REPORT_TEXT}, ${STUDY_FILE} and ${STUDY_TIMING_FILE} are beside it`,
        ]
      : []),
    ...(complete ? [] : [`  ${runs.length} of ${planned} runs are done.`]),
    ...(interrupted ? ['  Interrupted and saved; the same command goes on from here.'] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
