/**
 * @file What single things that a worker does cost Redis: time of its one thread, bytes, and memory.
 */
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { QUEUE } from '../src/queue/runJob.js';
import { RunStore } from '../src/queue/runStore.js';
import type { RedisServer } from '../test/queue/redisServer.js';
import { enqueue, finishedRun, LARGE, NEWS, runJobs, SMALL, savedRun } from './queueLoad.js';

export interface Cost {
  readonly name: string;
  /** Of Redis' processor, each time. */
  readonly microseconds: number;
  /** To and from Redis, each time. */
  readonly received: number;
  readonly sent: number;
}

/** Costs of what is repeated while a run goes on, each the mean of `times`. */
export async function repeatedCosts({ url, client: redis }: RedisServer, times: number): Promise<Cost[]> {
  await redis.flushall();
  const [[id] = ['']] = runJobs(1);
  await enqueue(url, runJobs(1));
  const queue = new Queue(QUEUE.name, { connection: redis, prefix: QUEUE.prefix });
  const worker = new Worker(QUEUE.name, null, { connection: redis, prefix: QUEUE.prefix });
  const token = 'bench';
  const job = await worker.getNextJob(token);
  if (!job) throw new Error('there is no job');
  const store = new RunStore(redis);
  await store.take(id, token);
  const [small, large] = [savedRun(SMALL), savedRun(LARGE)];
  const costs = [
    await costOf(redis, 'a sign of life, with news', times, async () => {
      await store.owns(id, token);
      await job.updateProgress(NEWS);
    }),
    await costOf(redis, 'renewing the lock', times, () => job.extendLock(token, 30_000)),
    await costOf(redis, `a checkpoint of ${SMALL.name}`, times, () => store.save(id, token, small)),
    await costOf(redis, `a checkpoint of ${LARGE.name}`, times / 10, () => store.save(id, token, large)),
    await costOf(redis, 'looking at a run (study, every 20 s)', times, () => queue.getJobState(id)),
  ];
  await worker.close(true);
  await queue.close();
  return costs;
}

/** What `times` calls cost Redis, divided by their number. */
export async function costOf(redis: Redis, name: string, times: number, call: () => Promise<unknown>): Promise<Cost> {
  const before = await spent(redis);
  for (let i = 0; i < times; i++) await call();
  const after = await spent(redis);
  return {
    name,
    microseconds: ((after.seconds - before.seconds) * 1e6) / times,
    received: (after.received - before.received) / times,
    sent: (after.sent - before.sent) / times,
  };
}

/** Seconds of its processor that Redis has used, and bytes that it has received and sent. */
export async function spent(redis: Redis): Promise<{ seconds: number; received: number; sent: number }> {
  const info = `${await redis.info('cpu')}${await redis.info('stats')}`;
  const read = (name: string): number => Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? Number.NaN);
  return {
    seconds: read('used_cpu_sys') + read('used_cpu_user'),
    received: read('total_net_input_bytes'),
    sent: read('total_net_output_bytes'),
  };
}

/** Bytes of Redis' memory per run that waits, is under way with a checkpoint, and is finished but not yet fetched. */
export async function memoryPerRun(
  { url, client: redis }: RedisServer,
  count: number,
): Promise<Readonly<Record<string, number>>> {
  await redis.flushall();
  await enqueue(url, runJobs(count));
  let waiting = 0;
  for (const key of await redis.keys('*')) waiting += (await redis.memory('USAGE', key, 'SAMPLES', 0)) ?? 0;
  const hashOf = async (fields: object): Promise<number> => {
    await redis.del('bench');
    await redis.hset('bench', { owner: 'x'.repeat(36), ...fields });
    return (await redis.memory('USAGE', 'bench')) ?? Number.NaN;
  };
  return {
    waiting: waiting / count,
    [`checkpoint of ${SMALL.name}`]: await hashOf(savedRun(SMALL)),
    [`checkpoint of ${LARGE.name}`]: await hashOf(savedRun(LARGE)),
    [`result of ${SMALL.name}`]: await hashOf(finishedRun(SMALL)),
    [`result of ${LARGE.name}`]: await hashOf(finishedRun(LARGE)),
  };
}
