/**
 * @file `study.json` and `timing.json`: what a study found, and how long it took. docs/study.md tells what the numbers mean.
 *
 * Two people who run the same study get the same `study.json`, byte for byte; all that depends on the machine is in
 * `timing.json`. Readers should expect members to be added, and check `version`.
 */
import { z } from 'zod';
import { listOf } from './listOf.js';
import { epochTiming, runResult } from './runResult.js';
import { studySettings } from './settings.js';

export const STUDY_FILE = 'study.json';
export const STUDY_TIMING_FILE = 'timing.json';

/** The data as used, limits applied. */
const studyData = z.object({
  name: z.string(),
  trainImages: z.int(),
  testImages: z.int(),
  classes: listOf(z.string()),
  /** Of one sample, `[C, ...spatial]`. */
  shape: listOf(z.int()),
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

/** A pooling over its seeds, and against the baseline. Accuracies are shares, 0 to 1. */
const comparison = z.object({
  pool: z.string(),
  /** Finished runs. */
  runs: z.int(),
  /** Mean, and half the 95 % interval over seeds (Student's t); null for one seed. */
  accuracy: z.object({ mean: z.number(), halfWidth: z.number().nullable() }),
  /** Mean test loss. */
  loss: z.number(),
  /** Accuracy minus that of the baseline, over common seeds; null for the baseline itself and where there are none. */
  difference: z
    .object({
      /** How many seeds both have. */
      seeds: z.int(),
      mean: z.number(),
      /** Null for one seed. */
      test: z
        .object({
          /** 95 % bootstrap interval over seeds and test images. */
          low: z.number(),
          high: z.number(),
          /** Of the paired t-test over seeds. */
          p: z.number(),
          /** The same, corrected for the number of poolings compared (Holm). */
          pHolm: z.number(),
          /** Whether `pHolm` is below .05 and the interval leaves out 0. */
          distinguishable: z.boolean(),
        })
        .nullable(),
    })
    .nullable(),
});
export type Comparison = z.infer<typeof comparison>;

export const study = z.object({
  format: z.literal('softgrad-study'),
  version: z.literal(2),
  softgrad: z.string(),
  /** What computed, as far as it decides how numbers are rounded, such as `wasm simd+fma`. */
  arithmetic: z.string(),
  settings: studySettings,
  data: studyData,
  /** Finished runs: seed by seed, in the order of the settings. */
  runs: listOf(studyRun),
  /** In the order of the settings' poolings; those without a finished run are left out. */
  comparisons: listOf(comparison),
  /** What the comparisons mean, in words. */
  conclusion: z.string(),
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
  runs: listOf(z.object({ pool: z.string(), seed: z.int(), epochs: listOf(epochTiming) })),
});
export type StudyTiming = z.infer<typeof studyTiming>;
