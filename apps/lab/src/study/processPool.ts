/**
 * @file Processes that train runs, one after the other in each.
 */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunReport, RunRequest } from './runMessages.js';
import type { RunHooks } from './runRecorder.js';
import type { RunResult } from './runResult.js';

/** The program of the processes: beside this file, and like it a source or its build. */
export const RUN_PROGRAM = fileURLToPath(new URL(`./runProcess${path.extname(import.meta.url)}`, import.meta.url));

/** What a process is asked to train. */
export type RunOrder = Extract<RunRequest, { kind: 'run' }>;

/** A process computes otherwise, or on other data, than the run's study: another one may not. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
}

/** A process that dies takes its run down, but not the others; the run's checkpoint stays. */
export class ProcessPool {
  readonly #idle: ChildProcess[] = [];
  readonly #start: () => ChildProcess;

  /** @param start starts a process. Default: by fork */
  constructor(start: () => ChildProcess = () => fork(RUN_PROGRAM)) {
    this.#start = start;
  }

  /**
   * Trains a run in an idle process, or in a new one.
   *
   * @throws RefusalError if what was expected isn't the case there
   */
  async run(order: RunOrder, hooks: RunHooks): Promise<RunResult | undefined> {
    let child = this.#idle.pop();
    while (child && !child.connected) child = this.#idle.pop();
    child ??= this.#start();
    const result = await exchange(child, order, hooks);
    this.#idle.push(child);
    return result;
  }

  async close(): Promise<void> {
    for (const child of this.#idle.splice(0)) if (child.connected) child.disconnect();
  }
}

/** Sends a run to a process, passes on what it tells, and returns what it ends with. */
function exchange(child: ChildProcess, order: RunOrder, hooks: RunHooks): Promise<RunResult | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => void send(child, { kind: 'stop' });
    const onExit = (code: number | null, signal: string | null): void => {
      settle(() => reject(new Error(`its process ended by ${signal ?? `code ${code}`}; ${GO_ON}`)));
    };
    const onMessage = (report: RunReport): void => {
      if (report.kind === 'end') settle(() => resolve(report.result));
      else if (report.kind === 'refusal') settle(() => fail(child, new RefusalError(report.message), reject));
      else if (report.kind === 'failure') settle(() => fail(child, new Error(report.message), reject));
      else passOn(report, hooks);
    };
    const settle = (conclude: () => void): void => {
      child.off('message', onMessage).off('exit', onExit).off('error', reject);
      hooks.signal?.removeEventListener('abort', stop);
      conclude();
    };
    child.on('message', onMessage).on('exit', onExit).on('error', reject);
    hooks.signal?.addEventListener('abort', stop, { once: true });
    send(child, order);
    if (hooks.signal?.aborted) stop();
  });
}

const GO_ON = 'repeat the command to go on from its last checkpoint';

/** A process whose run failed isn't used again: nobody knows what it still holds. */
function fail(child: ChildProcess, error: Error, reject: (error: Error) => void): void {
  child.disconnect();
  reject(error);
}

function passOn(report: Exclude<RunReport, { kind: 'end' | 'refusal' | 'failure' }>, hooks: RunHooks): void {
  if (report.kind === 'resume') hooks.onResume?.(report.event);
  if (report.kind === 'step') hooks.onStep?.(report.event);
  if (report.kind === 'epoch') hooks.onEpoch?.(report.record);
  if (report.kind === 'save') hooks.onSave?.(report.steps);
}

/** If the process is gone, its exit tells. */
function send(child: ChildProcess, request: RunRequest): void {
  if (child.connected) child.send(request, () => {});
}
