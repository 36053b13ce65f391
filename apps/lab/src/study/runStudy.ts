/**
 * @file Runs a study from its settings: whatever is missing of it.
 */
import os from 'node:os';
import { backendInfo } from 'softgrad';
import type { ResumeEvent, StepEvent } from 'softgrad/train';
import { version } from '../version.js';
import { arithmetic } from './arithmetic.js';
import { compareRuns, conclusion } from './comparisons.js';
import { DATA_TITLES, type StudyData } from './datasets.js';
import { WEIGHTS_FILE } from './runFolder.js';
import type { StudyRunner } from './runner.js';
import { originHere } from './runOrigin.js';
import { planRuns, type RunPlan } from './runPlan.js';
import { type EpochRecord, encodePredictions, type RunResult, type RunTiming } from './runResult.js';
import { recipe, type StudySettings } from './settings.js';
import type { Environment, Study, StudyRun, StudyTiming } from './study.js';
import { StudyFolder } from './studyFolder.js';

export interface StudyHooks {
  onResume?(plan: RunPlan, event: ResumeEvent): void;
  onStep?(plan: RunPlan, event: StepEvent, steps?: number): void;
  onEpoch?(plan: RunPlan, record: EpochRecord): void;
  /** A run that was finished before. */
  onSkip?(plan: RunPlan): void;
  onResult?(plan: RunPlan, result: RunResult): void;
  /** A run that couldn't be finished, and whether the others go on. */
  onFailure?(error: RunError, goesOn: boolean): void;
  readonly signal?: AbortSignal | undefined;
}

/** A run that couldn't be finished. */
export class RunError extends Error {
  override readonly name = 'RunError';

  constructor(
    readonly plan: RunPlan,
    cause: Error,
  ) {
    super(`${nameOf(plan)}: ${cause.message}`, { cause });
  }
}

/** Runs of a study couldn't be finished; what was finished is kept. */
export class StudyError extends Error {
  override readonly name = 'StudyError';

  /** @param finished what there is without them */
  constructor(
    readonly failures: readonly RunError[],
    readonly finished: FinishedStudy,
  ) {
    const [first, ...others] = failures;
    const named = others.slice(0, MOST_NAMED).map(({ plan }) => nameOf(plan));
    const unnamed = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : '';
    const { length } = finished.study.runs;
    const parts = [
      first?.message,
      ...(others.length > 0 ? [`${named.join(' and ')}${unnamed} failed, too`] : []),
      ...(length > 0 ? [`${length} finished ${length === 1 ? 'run is' : 'runs are'} kept`] : []),
    ];
    super(parts.join('; '), { cause: first });
  }
}

/** Of the runs that failed beside the first. */
const MOST_NAMED = 3;

function nameOf({ pool, seed }: RunPlan): string {
  return `${pool}, seed ${seed}`;
}

export interface FinishedStudy {
  readonly study: Study;
  readonly timing: StudyTiming;
}

/**
 * Runs what is missing of `wanted`, and saves the study after each run. `settings` are those of the whole study, which may have
 * more runs than are wanted now. A run that fails stops no other, unless it was the system that failed.
 *
 * @returns the study after the last run, or after the last one finished before the signal
 * @throws StudyError that names poolings and seeds, and holds the rest
 */
export async function runStudy(
  { settings, wanted = settings }: { settings: StudySettings; wanted?: StudySettings },
  data: StudyData,
  folder: StudyFolder,
  runner: StudyRunner,
  hooks: StudyHooks = {},
): Promise<FinishedStudy> {
  const finished = await finishedRuns(settings, data, folder);
  const current = (): FinishedStudy => studyOf(settings, data, finished);
  let saving = save(folder, current());
  // One after the other, so that an earlier state never replaces a later one.
  const saveNow = (): Promise<void> => {
    saving = saving.then(() => save(folder, current()));
    return saving;
  };
  await saving;
  const waiting = planRuns(wanted).filter((plan) => {
    const isFinished = finished.has(StudyFolder.runName(plan));
    if (isFinished) hooks.onSkip?.(plan);
    return !isFinished;
  });
  const failures: RunError[] = [];
  let unsaved: unknown;
  let mayGoOn = true;
  const work = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan && !hooks.signal?.aborted && mayGoOn; plan = waiting.shift()) {
      const failure = await runOne(plan, { settings, folder, runner, hooks, finished });
      if (failure) failures.push(failure);
      else await saveNow().catch((error: unknown) => (unsaved ??= error));
      mayGoOn &&= unsaved === undefined && !isOfSystem(failure);
      if (failure) hooks.onFailure?.(failure, mayGoOn);
    }
  };
  await Promise.all(Array.from({ length: runner.jobs }, work));
  if (unsaved) throw unsaved;
  if (failures.length > 0) throw new StudyError(failures, current());
  return current();
}

interface Finished {
  readonly result: RunResult;
  readonly timing: RunTiming;
}

interface Work {
  readonly settings: StudySettings;
  readonly folder: StudyFolder;
  readonly runner: StudyRunner;
  readonly hooks: StudyHooks;
  readonly finished: Map<string, Finished>;
}

/** Whether the system refused something, such as room on the disk: the next run would fail by the same. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && ('syscall' in error || isOfSystem(error.cause));
}

/** @returns why there is no result, if there should be one */
async function runOne(plan: RunPlan, work: Work): Promise<RunError | undefined> {
  try {
    await finish(plan, work);
    return undefined;
  } catch (error) {
    return new RunError(plan, error instanceof Error ? error : new Error(String(error)));
  }
}

async function finish(plan: RunPlan, { settings, folder, runner, hooks, finished }: Work): Promise<void> {
  const run = folder.run(plan);
  const result = await runner.run({ ...recipe.parse(settings), ...plan }, run, {
    onResume: (event) => hooks.onResume?.(plan, event),
    onStep: (event, steps) => hooks.onStep?.(plan, event, steps),
    onEpoch: (record) => hooks.onEpoch?.(plan, record),
    signal: hooks.signal,
  });
  if (!result) return;
  finished.set(StudyFolder.runName(plan), { result, timing: await run.timing() });
  hooks.onResult?.(plan, result);
}

/** What earlier processes have finished, by the name of the run. */
async function finishedRuns(
  settings: StudySettings,
  data: StudyData,
  folder: StudyFolder,
): Promise<Map<string, Finished>> {
  const found = new Map<string, Finished>();
  for (const plan of planRuns(settings)) {
    const run = folder.run(plan);
    const result = await run.result();
    if (!result) continue;
    await run.claim({ ...recipe.parse(settings), ...plan }, originHere(data));
    await run.removeCheckpoint();
    found.set(StudyFolder.runName(plan), { result, timing: await run.timing() });
  }
  return found;
}

async function save(folder: StudyFolder, { study, timing }: FinishedStudy): Promise<void> {
  if (study.runs.length > 0) await folder.write(study, timing);
}

function studyOf(settings: StudySettings, data: StudyData, finished: ReadonlyMap<string, Finished>): FinishedStudy {
  const plans = planRuns(settings);
  const done = plans.flatMap((plan) => {
    const found = finished.get(StudyFolder.runName(plan));
    return found ? [{ plan, ...found }] : [];
  });
  const runs = done.map(({ plan, result }): StudyRun => {
    const name = StudyFolder.runName(plan);
    return { ...result, folder: name, weights: `${name}/${WEIGHTS_FILE}` };
  });
  const described = describe(settings, data);
  const comparisons = compareRuns({ settings, data: described, runs });
  const study: Study = {
    ...{ format: 'softgrad-study', version: 2, softgrad: version, arithmetic: arithmetic(), settings },
    ...{ data: described, runs, comparisons, conclusion: conclusion(comparisons, settings.baseline) },
    complete: runs.length === plans.length,
  };
  const times = done.map(({ plan, timing }) => ({ ...plan, ...timing }));
  return { study, timing: { format: 'softgrad-timing', version: 1, environment: environment(), runs: times } };
}

function describe(settings: StudySettings, { train, test }: StudyData): Study['data'] {
  return {
    name: DATA_TITLES[settings.data],
    ...{ trainImages: train.length, testImages: test.length },
    ...{ classes: [...test.classes], shape: [...test.shape], testLabels: encodePredictions(test.labels) },
  };
}

function environment(): Environment {
  return {
    node: process.version,
    backend: backendInfo().description,
    platform: `${process.platform} ${process.arch}`,
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
  };
}
