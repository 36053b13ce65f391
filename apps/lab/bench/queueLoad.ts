/**
 * @file Loads for a queue: runs that take no time to train, through everything else that a study and its workers do.
 */
import { type Job, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { newRunJob, QUEUE, type RunJob, runJobId } from '../src/queue/runJob.js';
import type { RunNews } from '../src/queue/runNews.js';
import { type FinishedRun, RunStore, type SavedRun } from '../src/queue/runStore.js';
import { StudyQueue } from '../src/queue/studyQueue.js';
import { recipe } from '../src/study/settings.js';
import { settings } from '../test/support.js';

/** A network by the bytes of its weights. */
export interface Network {
  readonly name: string;
  readonly bytes: number;
}

export const SMALL: Network = { name: 'smallCnn', bytes: 100_000 };
export const LARGE: Network = { name: 'resnet20', bytes: 1_100_000 };

/** As a worker sends them, of an epoch that just ended. */
export const NEWS: RunNews = {
  last: { step: 1234, epoch: 12, batch: 34, batches: 100, samples: 128, loss: 1.23456789, accuracy: 0.5, lr: 0.0123 },
  epochs: [
    { epoch: 12, record: { loss: 1.23456789, accuracy: 0.5, testLoss: 1.23456789, testAccuracy: 0.5, lr: 0.01 } },
  ],
};
const TIMING = JSON.stringify({
  epochs: Array.from({ length: 30 }, () => ({
    seconds: 12.345,
    millisecondsPerStep: 31.2,
    peakTensorBytes: 12_345_678,
  })),
});

/** The checkpoint of a network that is trained with momentum. */
export function savedRun({ bytes }: Network): SavedRun {
  return { checkpoint: Buffer.alloc(2 * bytes, 7), timing: TIMING };
}

/** A result as long as that of 10,000 test images. */
export function finishedRun({ bytes }: Network): FinishedRun {
  return { result: JSON.stringify('x'.repeat(20_000)), timing: TIMING, weights: Buffer.alloc(bytes, 7) };
}

/** Runs of a study of one pooling with so many seeds, by their ids. */
export function runJobs(count: number): Map<string, RunJob> {
  const parts = { arithmetic: 'wasm simd', data: 'a'.repeat(64), backend: {} };
  const jobs = Array.from({ length: count }, (_, seed) =>
    newRunJob({ ...parts, settings: { ...recipe.parse(settings), limit: 1000, pool: 'soft', seed } }),
  );
  return new Map(jobs.map((job) => [runJobId(job), job]));
}

/** Puts the runs into the queue as a study does; returns the seconds that it took. */
export async function enqueue(url: string, jobs: ReadonlyMap<string, RunJob>): Promise<number> {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const queue = await StudyQueue.open(redis);
  const start = performance.now();
  for (const [id, job] of jobs) await queue.add(id, job);
  const seconds = (performance.now() - start) / 1000;
  await queue.close();
  redis.disconnect();
  return seconds;
}

/** What is done of a run: nothing besides taking and completing it, or all but its training, with one checkpoint. */
export type Effort = 'bare' | Network;

/** Empties the queue of `count` runs by workers with a connection each; returns the seconds that it took. */
export async function drain(url: string, count: number, workers: number, effort: Effort): Promise<number> {
  const takers: Worker[] = [];
  const connections: Redis[] = [];
  let [left, start] = [count, 0];
  await new Promise<void>((resolve, reject) => {
    for (let i = 0; i < workers; i++) {
      const connection = new Redis(url, { maxRetriesPerRequest: null });
      const taker = new Worker(QUEUE.name, processor(connection, effort), {
        ...{ connection, prefix: QUEUE.prefix, autorun: false },
      });
      taker.on('error', reject).on('failed', (_, error) => reject(error));
      taker.on('completed', () => {
        left -= 1;
        if (left === 0) resolve();
      });
      takers.push(taker);
      connections.push(connection);
    }
    Promise.all(takers.map((taker) => taker.waitUntilReady())).then(() => {
      start = performance.now();
      for (const taker of takers) void taker.run();
    }, reject);
  });
  const seconds = (performance.now() - start) / 1000;
  for (const taker of takers) await taker.close(true);
  for (const connection of connections) connection.disconnect();
  return seconds;
}

function processor(connection: Redis, effort: Effort): (job: Job, token?: string) => Promise<void> {
  if (effort === 'bare') return async () => {};
  const store = new RunStore(connection);
  const [saved, finished] = [savedRun(effort), finishedRun(effort)];
  return async (job, token = '') => {
    const id = job.id ?? '';
    await store.take(id, token);
    await store.save(id, token, saved);
    await job.updateProgress(NEWS);
    if (!(await store.finish(id, token, finished))) throw new Error(`${id} isn't this worker's`);
  };
}
