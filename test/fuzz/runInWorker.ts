/**
 * @file The program of a worker thread that fuzzes one target, so that another thread notices if a reader never returns.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { targets } from './targets/index.js';

/** What the thread is started with. */
export interface WorkOrder {
  readonly name: string;
  readonly cases: number;
  readonly seed: number;
  readonly path: string | undefined;
  /** One word: how many cases were begun. */
  readonly progress: Int32Array<SharedArrayBuffer>;
}

const { name, cases, seed, path, progress }: WorkOrder = workerData;
const target = targets.find((known) => known.name === name);
if (!target) throw new Error(`no target ${name}`);
parentPort?.postMessage(
  await target.run({ cases, seed, path, onCase: (index) => Atomics.store(progress, 0, index + 1) }),
);
