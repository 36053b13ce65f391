/**
 * @file The queue as a study sees it: runs go in, and it is told when each is over.
 */
import { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { JOB_NAME, QUEUE, type RunJob } from './runJob.js';
import { type RunNews, runNews } from './runNews.js';

/** A run that fails is tried so often, from its last checkpoint, each time perhaps on another machine. */
const ATTEMPTS = 3;
/** Milliseconds before it is tried again. */
const PAUSE = 2000;
/** Seconds that BullMQ keeps jobs that nobody fetches: 7 days, as long as their results. */
const KEPT = { age: 7 * 24 * 3600 };
/** Milliseconds between two looks at all that is awaited, should an event have been lost. */
const LOOK = 20_000;
/** States looked up at a time. */
const AT_ONCE = 50;

/** How a job ended: with a result in the store, or with a reason. */
export type Ending = { readonly kind: 'completed' } | { readonly kind: 'failed'; readonly reason: string };

interface Awaited {
  readonly job: RunJob;
  readonly onNews: (news: RunNews) => void;
  readonly resolve: (ending: Ending) => void;
}

export class StudyQueue {
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #awaited = new Map<string, Awaited>();
  readonly #timer: NodeJS.Timeout;

  private constructor(queue: Queue, events: QueueEvents, redis: Redis) {
    this.#queue = queue;
    this.#events = events;
    // An event may be of an earlier life of the job, so only its state counts.
    events.on('completed', ({ jobId }) => void this.#lookAtQuietly(jobId));
    events.on('failed', ({ jobId }) => void this.#lookAtQuietly(jobId));
    events.on('progress', ({ jobId, data }) => {
      const news = runNews.safeParse(data);
      if (news.success) this.#awaited.get(jobId)?.onNews(news.data);
    });
    redis.on('ready', () => void this.#look());
    this.#timer = setInterval(() => void this.#look(), LOOK);
  }

  static async open(redis: Redis): Promise<StudyQueue> {
    const options = { connection: redis, prefix: QUEUE.prefix };
    const queue = new Queue(QUEUE.name, options);
    // Whoever reads from here on misses nothing of what is added later.
    const [newest] = await redis.xrevrange(queue.toKey('events'), '+', '-', 'COUNT', 1);
    const events = new QueueEvents(QUEUE.name, { ...options, lastEventId: newest?.[0] ?? '0-0' });
    // The connection tells of outages; commands wait until it is back.
    queue.on('error', () => {});
    events.on('error', () => {});
    await events.waitUntilReady();
    return new StudyQueue(queue, events, redis);
  }

  /** Puts a run into the queue, unless it is there; tells whether it wasn't. */
  async add(id: string, job: RunJob): Promise<boolean> {
    const state = await this.#queue.getJobState(id);
    // It is tried again.
    if (state === 'failed') await this.remove(id);
    if (state !== 'failed' && state !== 'unknown') return false;
    await this.#queue.add(JOB_NAME, job, {
      ...{ jobId: id, attempts: ATTEMPTS, backoff: { type: 'fixed', delay: PAUSE } },
      ...{ removeOnComplete: KEPT, removeOnFail: KEPT, stackTraceLimit: 1 },
    });
    return state === 'unknown';
  }

  /** Puts a run into the queue, unless it is there, and waits for its end. */
  async ended(id: string, job: RunJob, onNews: (news: RunNews) => void): Promise<Ending> {
    const ending = new Promise<Ending>((resolve) => {
      this.#awaited.set(id, { job, onNews, resolve });
    });
    await this.#lookAt(id);
    return ending;
  }

  /** Waits no longer; the run stays in the queue. */
  leave(id: string): void {
    this.#awaited.delete(id);
  }

  /** Takes a job out that nobody works on. */
  async remove(id: string): Promise<void> {
    // Removing one that is being worked on is an error, and left to its worker.
    await this.#queue.remove(id).catch(() => undefined);
  }

  /** How many workers wait or work now; undefined where Redis doesn't tell. */
  async workers(): Promise<number | undefined> {
    return this.#queue.getWorkersCount().catch(() => undefined);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#events.close();
    await this.#queue.close();
  }

  #settle(id: string, ending: Ending): void {
    const awaited = this.#awaited.get(id);
    this.#awaited.delete(id);
    awaited?.resolve(ending);
  }

  /** Redis may have been restarted with less than it had, or an event may have been lost. */
  async #look(): Promise<void> {
    const ids = [...this.#awaited.keys()];
    while (ids.length > 0) {
      await Promise.all(ids.splice(0, AT_ONCE).map((id) => this.#lookAtQuietly(id)));
    }
  }

  /** What can't be looked at now will be the next time. */
  #lookAtQuietly(id: string): Promise<void> {
    return this.#lookAt(id).catch(() => undefined);
  }

  async #lookAt(id: string): Promise<void> {
    const awaited = this.#awaited.get(id);
    if (!awaited) return;
    const state = await this.#queue.getJobState(id);
    if (state === 'completed') this.#settle(id, { kind: 'completed' });
    if (state === 'failed') {
      const job = await this.#queue.getJob(id);
      this.#settle(id, { kind: 'failed', reason: job?.failedReason ?? 'for an unknown reason' });
    }
    if (state === 'unknown') await this.add(id, awaited.job);
  }
}
