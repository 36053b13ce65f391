/**
 * @file `study.json` and `timing.json`: what a study found, and how long it took. docs/study.md tells what the numbers mean.
 *
 * Two people who run the same study get the same `study.json`, byte for byte; all that depends on the machine is in
 * `timing.json`. Readers should expect members to be added, and check `version`.
 */
import { z } from 'zod';
import { epochTiming, type RunResult, runResult } from './runResult.js';
import { studySettings } from './settings.js';

export const STUDY_FILE = 'study.json';
export const STUDY_TIMING_FILE = 'timing.json';

/** The data as used, limits applied. */
const studyData = z.object({
  name: z.string(),
  trainImages: z.int(),
  testImages: z.int(),
  classes: z.array(z.string()),
  /** Of one sample, `[C, ...spatial]`. */
  shape: z.array(z.int()),
  /** The class of each test image in order, one byte each, in base64, like the runs' predictions. */
  testLabels: z.base64(),
});

/** A run's result, and where its files are. */
const studyRun = runResult.extend({
  /** Relative to the file, with `/`: `runs/soft-seed0`. */
  folder: z.string(),
  /** The final weights, a safetensors file, relative to this file. */
  weights: z.string(),
});
export type StudyRun = z.infer<typeof studyRun>;

export const study = z.object({
  format: z.literal('softgrad-study'),
  version: z.literal(2),
  softgrad: z.string(),
  /** What computed, as far as it decides how numbers are rounded, such as `wasm simd+fma`. */
  arithmetic: z.string(),
  settings: studySettings,
  data: studyData,
  /** Finished runs: seed by seed, in the order of the settings. */
  runs: z.array(studyRun),
  /** Whether every pooling has a run of every seed. */
  complete: z.boolean(),
});
export type Study = z.infer<typeof study>;

/** What the study ran on; it decides times, not results. */
const environment = z.object({
  node: z.string(),
  backend: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: z.int(),
});
export type Environment = z.infer<typeof environment>;

export const studyTiming = z.object({
  format: z.literal('softgrad-timing'),
  version: z.literal(1),
  /** Of the last process that worked on the study. */
  environment,
  runs: z.array(z.object({ pool: z.string(), seed: z.int(), epochs: z.array(epochTiming) })),
});
export type StudyTiming = z.infer<typeof studyTiming>;

/** The final test accuracies of a pooling, in the order of the settings' seeds; missing where a run is. */
export function accuraciesOf(
  { runs, settings }: { readonly runs: readonly RunResult[]; readonly settings: Pick<Study['settings'], 'seeds'> },
  pool: string,
): (number | undefined)[] {
  return settings.seeds.map((seed) => runs.find((run) => run.pool === pool && run.seed === seed)?.test.accuracy);
}
