/**
 * @file A study with many workers, of which only what reaches Redis is done: signs of life, locks, checkpoints.
 */
import { type Job, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { QUEUE } from '../src/queue/runJob.js';
import { RunStore } from '../src/queue/runStore.js';
import { StudyQueue } from '../src/queue/studyQueue.js';
import type { RedisServer } from '../test/queue/redisServer.js';
import { spent } from './queueCosts.js';
import { enqueue, NEWS, type Network, runJobs, savedRun } from './queueLoad.js';

/** What a worker does how often, in seconds: by the defaults of `softgrad worker`. */
const EVERY = { beat: 2, renewal: 15, checkpoint: 30 } as const;
const CONNECTIONS = 8;

export interface Load {
  /** Share of the time that Redis' processor was busy. */
  readonly busy: number;
  /** Bytes per second. */
  readonly received: number;
  readonly sent: number;
  /** Of what should have been done in that time, how much was. */
  readonly kept: number;
}

/** What `workers` that train `network` ask of Redis, over `seconds`, while a study listens. */
export async function simulate(
  { url, client }: RedisServer,
  workers: number,
  network: Network,
  seconds: number,
): Promise<Load> {
  await client.flushall();
  await enqueue(url, runJobs(workers));
  const connections = Array.from({ length: CONNECTIONS }, () => new Redis(url, { maxRetriesPerRequest: null }));
  const takers = connections.map((connection) => new Worker(QUEUE.name, null, { connection, prefix: QUEUE.prefix }));
  const listener = new Redis(url, { maxRetriesPerRequest: null });
  const study = await StudyQueue.open(listener);
  const runs: Run[] = [];
  for (let i = 0; i < workers; i++) {
    const [connection, taker] = [connections[i % CONNECTIONS], takers[i % CONNECTIONS]];
    const job = await taker?.getNextJob(`worker ${i}`);
    if (!connection || !job) throw new Error('a run is missing');
    runs.push({ job, token: `worker ${i}`, store: new RunStore(connection) });
    await new RunStore(connection).take(job.id ?? '', `worker ${i}`);
  }
  const before = await spent(client);
  const done = await play(runs, network, seconds);
  const after = await spent(client);
  for (const taker of takers) await taker.close(true);
  await study.close();
  for (const connection of [...connections, listener]) connection.disconnect();
  const expected = workers * seconds * Object.values(EVERY).reduce((rate, every) => rate + 1 / every, 0);
  return {
    busy: (after.seconds - before.seconds) / seconds,
    received: (after.received - before.received) / seconds,
    sent: (after.sent - before.sent) / seconds,
    kept: done / expected,
  };
}

interface Run {
  readonly job: Job;
  readonly token: string;
  readonly store: RunStore;
}

/** Does each thing of each run at its times, which are spread evenly; returns how many were done. */
async function play(runs: readonly Run[], network: Network, seconds: number): Promise<number> {
  const saved = savedRun(network);
  const actions: Readonly<Record<keyof typeof EVERY, (run: Run) => Promise<unknown>>> = {
    beat: async ({ job, token, store }) => {
      await store.owns(job.id ?? '', token);
      await job.updateProgress(NEWS);
    },
    renewal: ({ job, token }) => job.extendLock(token, 30_000),
    checkpoint: ({ job, token, store }) => store.save(job.id ?? '', token, saved),
  };
  const start = performance.now();
  const left = (): number => seconds - (performance.now() - start) / 1000;
  let done = 0;
  const timers = Object.entries(EVERY).map(([name, every]) => {
    const act = actions[name as keyof typeof EVERY];
    let next = 0;
    return setInterval(() => {
      // As many as are due by now.
      const due = Math.floor(((seconds - left()) / every) * runs.length);
      for (; next < due; next++) {
        const run = runs[next % runs.length];
        if (run) void act(run).then(() => (done += left() > 0 ? 1 : 0));
      }
    }, 10);
  });
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  for (const timer of timers) clearInterval(timer);
  return done;
}
