/**
 * @file What the queue's tests share: a small study, workers in this process and in others, and what to wait for.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { shapes } from 'softgrad/data';
import { onTestFinished } from 'vitest';
import { queueAddress } from '../../src/queue/queueAddress.js';
import { QueueRunner } from '../../src/queue/queueRunner.js';
import { QueueWorker } from '../../src/queue/queueWorker.js';
import { ProcessPool, RUN_PROGRAM } from '../../src/study/processPool.js';
import { localRunner } from '../../src/study/runner.js';
import { runStudy, type StudyHooks } from '../../src/study/runStudy.js';
import type { StudySettings } from '../../src/study/settings.js';
import { StudyFolder } from '../../src/study/studyFolder.js';
import { settings, temporaryFolder } from '../support.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

export const data = { train: shapes({ split: 'train', count: 24 }), test: shapes({ split: 'test', count: 10 }) };
export const study: StudySettings = {
  ...{ ...settings, limit: 24, testLimit: 10, epochs: 12, pools: ['soft', 'max'], seeds: [1] },
};

/** Everything of a study that mustn't depend on who computed it. */
export async function filesOf(folder: string): Promise<Record<string, string>> {
  const text = await readFile(path.join(folder, 'study.json'), 'utf8');
  const { runs } = (await new StudyFolder(folder).study()) ?? { runs: [] };
  const weights = runs.map(async ({ weights: name }) => [name, await readFile(path.join(folder, name), 'base64')]);
  return { text, ...Object.fromEntries(await Promise.all(weights)) };
}

/** The study as one machine computes it. */
export function localFiles(): Promise<Record<string, string>> {
  computed ??= compareHere();
  return computed;
}

let computed: Promise<Record<string, string>> | undefined;

async function compareHere(): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  await runStudy({ settings: study }, data, new StudyFolder(folder), localRunner(data));
  return filesOf(folder);
}

export interface Comparing {
  readonly folder?: string;
  readonly anew?: boolean;
  readonly data?: typeof data;
  readonly hooks?: StudyHooks;
}

/** Runs the study through the queue; what a person would have been told is added to `said`. */
export async function compareThrough(url: string, said: string[], given: Comparing = {}): Promise<string> {
  const { folder = await temporaryFolder(), anew = false, hooks = {} } = given;
  const own = given.data ?? data;
  const address = queueAddress(url);
  const say = (line: string): void => void said.push(line);
  const runner = await QueueRunner.open({ address, data: own, backend: {}, runs: 2, anew, say });
  try {
    await runStudy({ settings: study }, own, new StudyFolder(folder), runner, hooks);
  } finally {
    await runner.close();
  }
  return folder;
}

/** A worker in this process; it ends with the test. */
export async function workHere(url: string, said: string[]): Promise<QueueWorker> {
  const say = (line: string): void => void said.push(line);
  const worker = await QueueWorker.open({
    ...{ address: queueAddress(url), jobs: 1, threads: 1, takeover: 1, saveEvery: 0, say, pool },
  });
  onTestFinished(() => worker.close());
  return worker;
}

/** Training processes of workers in this one; they take the runs of one test after the other, and end with this process. */
const pool = new ProcessPool(() => fork(RUN_PROGRAM, { execArgv: ['--import', 'tsx'], stdio: 'ignore' }));

export interface WorkerProcess {
  readonly child: ChildProcess;
  readonly said: string[];
  /** Its exit status. */
  readonly ended: Promise<number | null>;
}

/** A worker by the command line; killed with the test at the latest. */
export function workElsewhere(url: string, ...words: string[]): WorkerProcess {
  const child = spawn(
    process.execPath,
    [...'--import tsx apps/lab/src/main.ts worker --takeover 1 --save-every 0 --queue'.split(' '), url, ...words],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => said.push(...text.trimEnd().split('\n')));
  }
  return { child, said, ended: once(child, 'close').then(([code]: (number | null)[]) => code ?? null) };
}

/** Waits until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10);
}

/** Whether a line matches. */
export function has(said: readonly string[], line: RegExp): boolean {
  return said.some((text) => line.test(text));
}

/** Whether some run has a checkpoint in Redis. */
export async function isSaved(redis: Redis): Promise<boolean> {
  for (const key of await redis.keys('softgrad:run:*')) if (await redis.hexists(key, 'checkpoint')) return true;
  return false;
}
