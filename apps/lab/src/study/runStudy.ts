/**
 * @file Runs a study from its settings: the runs one after the other, in this process.
 */
import os from 'node:os';
import { backendInfo } from 'softgrad';
import type { StepEvent } from 'softgrad/train';
import { version } from '../version.js';
import type { StudyData } from './datasets.js';
import type { EpochRecord, RunResult, Study, StudySettings } from './study.js';
import { planRuns, type RunPlan, trainRun } from './trainRun.js';

export interface StudyHooks {
  onStep?(plan: RunPlan, event: StepEvent): void;
  onEpoch?(plan: RunPlan, record: EpochRecord): void;
  /** After each run, with the study as far as it has come: the moment to save it. */
  onResult?(study: Study, result: RunResult): Promise<void> | void;
  readonly signal?: AbortSignal | undefined;
}

/** A run that couldn't be finished; the ones before it are not touched by that. */
export class RunError extends Error {
  override readonly name = 'RunError';

  /** @param finished runs before it */
  constructor({ pool, seed }: RunPlan, finished: number, cause: Error) {
    const kept = finished === 0 ? '' : `; ${finished} earlier ${finished === 1 ? 'run is' : 'runs are'} kept`;
    super(`${pool}, seed ${seed}: ${cause.message}${kept}`, { cause });
  }
}

/**
 * The study after its last run, or after the last one finished before the signal.
 *
 * @throws RunError that names pooling and seed
 */
export async function runStudy(settings: StudySettings, data: StudyData, hooks: StudyHooks = {}): Promise<Study> {
  const plans = planRuns(settings);
  let study = emptyStudy(settings, data);
  for (const plan of plans) {
    if (hooks.signal?.aborted) return study;
    const result = await trainRun(settings, plan, data, {
      onStep: (event) => hooks.onStep?.(plan, event),
      onEpoch: (record) => hooks.onEpoch?.(plan, record),
      signal: hooks.signal,
    }).catch((error) => {
      throw error instanceof Error ? new RunError(plan, study.runs.length, error) : error;
    });
    if (!result) return study;
    const runs = [...study.runs, result];
    study = { ...study, runs, complete: runs.length === plans.length };
    await hooks.onResult?.(study, result);
  }
  return study;
}

function emptyStudy(settings: StudySettings, { train, test }: StudyData): Study {
  return {
    format: 'softgrad-study',
    version: 1,
    settings,
    trainImages: train.length,
    testImages: test.length,
    environment: {
      softgrad: version,
      node: process.version,
      backend: backendInfo().description,
      platform: `${process.platform} ${process.arch}`,
      cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
      cores: os.availableParallelism(),
    },
    runs: [],
    complete: false,
  };
}
