/**
 * @file Runs in processes of their own, several at a time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendOptions } from '../commands/backendOptions.js';
import type { RunFolder } from './runFolder.js';
import type { RunReport, RunRequest } from './runMessages.js';
import type { StudyRunner } from './runner.js';
import type { RunHooks } from './runRecorder.js';
import type { RunResult } from './runResult.js';
import type { RunSettings } from './settings.js';

/** The program of the processes: beside this file, and like it a source or its build. */
export const RUN_PROGRAM = fileURLToPath(new URL(`./runProcess${path.extname(import.meta.url)}`, import.meta.url));

export interface ProcessRunnerOptions {
  /** Processes; each computes with its share of the processors, unless `backend` says otherwise. */
  readonly jobs: number;
  readonly dataDir: string | undefined;
  readonly backend: BackendOptions;
  /** Starts a process. Default: by fork. */
  readonly start?: () => ChildProcess;
}

/** A pool of processes. A process that dies takes its run down, but not the others; the run's checkpoint stays. */
export class ProcessRunner implements StudyRunner {
  readonly jobs: number;
  readonly #options: ProcessRunnerOptions;
  readonly #idle: ChildProcess[] = [];

  constructor(options: ProcessRunnerOptions) {
    this.jobs = options.jobs;
    const { backend } = options;
    const threads = Math.max(1, Math.floor(os.availableParallelism() / options.jobs));
    const shared = backend.backend === undefined || backend.backend === 'wasm' ? { threads } : {};
    this.#options = { ...options, backend: { ...shared, ...backend } };
  }

  async run(settings: RunSettings, folder: RunFolder, hooks: RunHooks): Promise<RunResult | undefined> {
    const { dataDir, backend, start = () => fork(RUN_PROGRAM) } = this.#options;
    const child = this.#idle.pop() ?? start();
    const result = await exchange(child, { kind: 'run', settings, folder: folder.folder, dataDir, backend }, hooks);
    this.#idle.push(child);
    return result;
  }

  async close(): Promise<void> {
    for (const child of this.#idle.splice(0)) child.disconnect();
  }
}

/** Sends a run to a process, passes on what it tells, and returns what it ends with. */
function exchange(child: ChildProcess, request: RunRequest, hooks: RunHooks): Promise<RunResult | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => void send(child, { kind: 'stop' });
    const onExit = (code: number | null, signal: string | null): void => {
      settle(() => reject(new Error(`its process ended by ${signal ?? `code ${code}`}; ${GO_ON}`)));
    };
    const onMessage = (report: RunReport): void => {
      if (report.kind === 'end') settle(() => resolve(report.result));
      else if (report.kind === 'failure') settle(() => fail(child, report.message, reject));
      else passOn(report, hooks);
    };
    const settle = (conclude: () => void): void => {
      child.off('message', onMessage).off('exit', onExit).off('error', reject);
      hooks.signal?.removeEventListener('abort', stop);
      conclude();
    };
    child.on('message', onMessage).on('exit', onExit).on('error', reject);
    hooks.signal?.addEventListener('abort', stop, { once: true });
    send(child, request);
    if (hooks.signal?.aborted) stop();
  });
}

const GO_ON = 'repeat the command to go on from its last checkpoint';

/** A process whose run failed isn't used again: nobody knows what it still holds. */
function fail(child: ChildProcess, message: string, reject: (error: Error) => void): void {
  child.disconnect();
  reject(new Error(message));
}

function passOn(report: Exclude<RunReport, { kind: 'end' | 'failure' }>, hooks: RunHooks): void {
  if (report.kind === 'resume') hooks.onResume?.(report.event);
  if (report.kind === 'step') hooks.onStep?.(report.event);
  if (report.kind === 'epoch') hooks.onEpoch?.(report.record);
}

/** If the process is gone, its exit tells. */
function send(child: ChildProcess, request: RunRequest): void {
  if (child.connected) child.send(request, () => {});
}
