/**
 * @file Runs in processes of their own, several at a time.
 */
import type { ChildProcess } from 'node:child_process';
import os from 'node:os';
import type { BackendOptions } from '../commands/backendOptions.js';
import { ProcessPool } from './processPool.js';
import type { RunFolder } from './runFolder.js';
import type { StudyRunner } from './runner.js';
import type { RunHooks } from './runRecorder.js';
import type { RunResult } from './runResult.js';
import type { RunSettings } from './settings.js';

export interface ProcessRunnerOptions {
  /** Processes; each computes with its share of the processors, unless `backend` says otherwise. */
  readonly jobs: number;
  readonly dataDir: string | undefined;
  readonly backend: BackendOptions;
  /** Starts a process. Default: by fork. */
  readonly start?: () => ChildProcess;
}

/** A pool of processes, and what all runs of a study have in common. */
export class ProcessRunner implements StudyRunner {
  readonly jobs: number;
  readonly #dataDir: string | undefined;
  readonly #backend: BackendOptions;
  readonly #pool: ProcessPool;

  constructor({ jobs, dataDir, backend, start }: ProcessRunnerOptions) {
    this.jobs = jobs;
    this.#dataDir = dataDir;
    this.#backend = sharedAmong(jobs, backend);
    this.#pool = new ProcessPool(start);
  }

  run(settings: RunSettings, folder: RunFolder, hooks: RunHooks): Promise<RunResult | undefined> {
    const [dataDir, backend] = [this.#dataDir, this.#backend];
    return this.#pool.run({ kind: 'run', settings, folder: folder.folder, dataDir, backend }, hooks);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** The backend of one of `jobs` processes: with its share of the processors, unless it says otherwise. */
export function sharedAmong(jobs: number, backend: BackendOptions): BackendOptions {
  const threads = Math.max(1, Math.floor(os.availableParallelism() / jobs));
  const shared = backend.backend === undefined || backend.backend === 'wasm' ? { threads } : {};
  return { ...shared, ...backend };
}
