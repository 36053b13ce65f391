/**
 * @file What is printed above and below a study's progress.
 */
import path from 'node:path';
import { styleText } from 'node:util';
import { DATA_TITLES, type StudyData } from '../study/datasets.js';
import type { Study, StudySettings } from '../study/study.js';
import { STUDY_FILE } from '../study/studyFile.js';
import { comparisonRows, verdict } from './comparison.js';
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
export function summary(study: Study, columns: number): string {
  const { baseline, pools, seeds } = study.settings;
  const rows = comparisonRows(study);
  const planned = pools.length * seeds.length;
  const lines = [
    ...(rows.length > 0 ? ['', comparisonTable(rows, baseline, columns), '', `  ${verdict(rows, baseline)}`] : []),
    ...(study.complete ? [] : [`  Interrupted: ${study.runs.length} of ${planned} runs are done.`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Where the results are, and how long they took. */
export function whereabouts(
  { runs, complete }: Study,
  { folder, kept, seconds }: { folder: string; kept: number; seconds: number },
): string {
  const place = `${STUDY_FILE} in ${path.normalize(folder)}`;
  if (runs.length < kept) return `  ${place} keeps the ${kept} runs that it had.\n`;
  if (runs.length === 0) return '';
  return `  ${place}${complete ? `, after ${duration(seconds)}` : ''}\n`;
}
