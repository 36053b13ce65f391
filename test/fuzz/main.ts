/**
 * @file `npm run fuzz`: every reader of files, settings and words against hostile input, many times.
 *
 * A failure is printed with its seed, its smallest input and the command that shows it again; the exit status is 1.
 */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type FuzzFailure, type FuzzReport, type FuzzTarget, SLOWEST_MILLISECONDS } from './fuzzTarget.js';
import type { WorkOrder } from './runInWorker.js';
import { targets } from './targets/index.js';

/** A case that takes so long won't end. */
const HANG_MILLISECONDS = 3 * SLOWEST_MILLISECONDS;
const GLANCE_MILLISECONDS = 500;
/** Of JavaScript objects: a reader that wants more wants too much. */
const MEGABYTES = 512;
/** Longer inputs go into a file. */
const MOST_SHOWN = 3000;

const { values } = parseArgs({
  options: { cases: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, path: { type: 'string' } },
});
const cases = values.cases === undefined ? undefined : wholeNumber('--cases', values.cases, 1);
const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumber('--seed', values.seed, -(2 ** 31));

for (const target of chosen(values.only)) {
  const start = performance.now();
  const report = await runWatched(target, { cases: cases ?? target.cases, seed, path: values.path });
  console.log(lineOf(report, (performance.now() - start) / 1000));
  if (report.failure) {
    console.log(explain(report.name, report.failure));
    process.exitCode = 1;
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value < 2 ** 31) return value;
  return leave(`${option} ${text} must be a whole number from ${least} to ${2 ** 31 - 1}`);
}

function chosen(names: string | undefined): readonly FuzzTarget[] {
  if (names === undefined) return targets;
  return names.split(',').map((name) => {
    const known = targets.map((target) => target.name).join(', ');
    return targets.find((target) => target.name === name) ?? leave(`--only ${name} is none of ${known}`);
  });
}

function leave(message: string): never {
  console.error(`fuzz: ${message}`);
  process.exit(2);
}

/** Fuzzes in a thread of its own, and ends it where a case doesn't return. */
function runWatched(target: FuzzTarget, order: Omit<WorkOrder, 'name' | 'progress'>): Promise<FuzzReport> {
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const workerData: WorkOrder = { ...order, name: target.name, progress };
  const worker = new Worker(new URL('./fuzzWorker.mjs', import.meta.url), {
    ...{ workerData, resourceLimits: { maxOldGenerationSizeMb: MEGABYTES } },
  });
  const begun = (): number => Atomics.load(progress, 0);
  return new Promise((resolve) => {
    let [last, since] = [0, performance.now()];
    const settle = (report: FuzzReport): void => {
      clearInterval(watch);
      resolve(report);
      void worker.terminate();
    };
    const broken = (problem: string): void => {
      const bytes = target.bytesOf(order.seed, Math.max(0, begun() - 1));
      const failure = { problem, path: order.path ?? '', bytes };
      settle({ name: target.name, cases: begun(), read: 0, refused: 0, slowestMilliseconds: 0, mostBytes: 0, failure });
    };
    const watch = setInterval(() => {
      if (begun() !== last) [last, since] = [begun(), performance.now()];
      else if (last > 0 && performance.now() - since > HANG_MILLISECONDS) broken('does not return');
    }, GLANCE_MILLISECONDS);
    worker.on('message', settle);
    worker.on('error', (error) => broken(error.stack ?? String(error)));
    worker.on('exit', (code) => broken(`the thread ended with code ${code}`));
  });
}

function lineOf(report: FuzzReport, seconds: number): string {
  const { name, read, refused, slowestMilliseconds, mostBytes, failure } = report;
  const counts = `${report.cases} cases, seed ${seed}: ${read} read, ${refused} refused`;
  const most = `slowest ${slowestMilliseconds.toFixed(1)} ms, most ${(mostBytes / 2 ** 20).toFixed(2)} MiB`;
  return `${failure ? 'FAILED' : 'ok    '} ${name.padEnd(20)} ${counts}; ${most}; ${seconds.toFixed(0)} s`;
}

function explain(name: string, { problem, path, bytes }: FuzzFailure): string {
  const base64 = Buffer.from(bytes).toString('base64');
  const file = `fuzz-${name}-${seed}.bin`;
  if (base64.length > MOST_SHOWN) writeFileSync(file, bytes);
  return [
    ...[problem, `input (${bytes.length} bytes): ${base64.length > MOST_SHOWN ? file : `base64 ${base64}`}`],
    `again: npm run fuzz -- --only ${name} --seed ${seed}${path === '' ? '' : ` --path ${path}`}`,
  ].join('\n');
}
