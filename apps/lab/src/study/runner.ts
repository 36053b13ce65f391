/**
 * @file Who trains the runs of a study: this process, a pool of processes, or other machines.
 */
import type { StudyData } from './datasets.js';
import type { RunFolder } from './runFolder.js';
import type { RunHooks } from './runRecorder.js';
import type { RunResult } from './runResult.js';
import type { RunSettings } from './settings.js';
import { trainRun } from './trainRun.js';

export interface StudyRunner {
  /** How many runs it can have under way. */
  readonly jobs: number;
  /**
   * Trains a run to its end, or finds it finished; afterwards `folder` has its result, times and weights. `undefined` if the
   * signal ended it early: it then goes on from its checkpoint the next time.
   */
  run(settings: RunSettings, folder: RunFolder, hooks: RunHooks): Promise<RunResult | undefined>;
  /** Frees what it holds; no run may be under way. */
  close(): Promise<void>;
}

/** One run after the other, in this process. */
export function localRunner(data: StudyData): StudyRunner {
  return {
    jobs: 1,
    run: (settings, folder, hooks) => trainRun(settings, data, folder, hooks),
    close: async () => {},
  };
}
