/**
 * @file What a report says: the page and the Markdown file are two looks of it.
 */
import { commandLines, compareWords } from '../report/commandWords.js';
import { type ComparisonRow, comparisonRows } from '../report/comparison.js';
import type { FinishedStudy } from '../study/runStudy.js';
import { headlineOf } from './words/headline.js';
import { limitsOf } from './words/limits.js';
import { machineRows, type SettingRow, settingRows } from './words/settingRows.js';
import { type Verdict, verdictOf } from './words/verdict.js';

export interface ReportRow extends ComparisonRow {
  readonly verdict: Verdict;
}

export interface ReportContent extends FinishedStudy {
  /** `resnet8 on CIFAR-10` */
  readonly title: string;
  /** What the study says, in words. */
  readonly headline: string;
  /** Why it isn't the whole study; nothing where it is. */
  readonly unfinished: string | undefined;
  /** The best mean accuracy first. */
  readonly rows: readonly ReportRow[];
  readonly settings: readonly SettingRow[];
  readonly machine: readonly SettingRow[];
  readonly commands: readonly string[];
  readonly limits: readonly string[];
}

export function reportContent(finished: FinishedStudy): ReportContent {
  const { study } = finished;
  const { settings, data } = study;
  const rows = comparisonRows(finished).map((row) => ({ ...row, verdict: verdictOf(row, settings.baseline) }));
  const planned = settings.pools.length * settings.seeds.length;
  return {
    ...finished,
    title: `${settings.model} on ${data.name}`,
    headline: headlineOf(study),
    unfinished: study.complete
      ? undefined
      : `${study.runs.length} of ${planned} runs are done. All that follows is of those, and may change.`,
    rows: rows.toSorted((a, b) => b.accuracy.mean - a.accuracy.mean),
    settings: settingRows(finished),
    machine: machineRows(finished),
    commands: commandLines(settings.data, compareWords(study)),
    limits: limitsOf(study),
  };
}
