/**
 * @file A machine's offer to train runs of studies elsewhere: takes one after the other from a queue.
 *
 * BullMQ gives each run to one worker and renews its lock from here, while the training keeps a process of its own busy. A
 * worker that falls silent loses the lock, and its run is given to another, which goes on from the checkpoint in the store.
 */
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { givenOptions } from '../commands/backendOptions.js';
import { type ProcessPool, RefusalError } from '../study/processPool.js';
import { sharedAmong } from '../study/processRunner.js';
import type { QueueAddress } from './queueAddress.js';
import { connectQueue } from './queueConnection.js';
import { InvalidJobError, OtherVersionError, parseRunJob, QUEUE, type RunJob, WITHDRAWN } from './runJob.js';
import type { RunNews } from './runNews.js';
import { RunStore } from './runStore.js';
import { TakenRun } from './takenRun.js';

/** A run that takes so many workers down with it isn't given to yet another. */
const MOST_SILENCED = 100;
/** A refused run waits before it is offered again, the longer the more often: seconds. */
const LONGEST_DELAY = 60;
/** Seconds that checkpoints may take to arrive when the worker is to end. */
const GRACE = 20;
/** Milliseconds before a call that Redis didn't answer is repeated. */
const RETRY = 2000;

export interface QueueWorkerOptions {
  readonly address: QueueAddress;
  /** Runs at a time, each in a process of its own. */
  readonly jobs: number;
  readonly threads?: number | undefined;
  readonly dataDir?: string | undefined;
  /** Seconds after which the run of a worker that fell silent is given to another. */
  readonly takeover: number;
  /** Seconds at least between two checkpoints of a run that are sent. */
  readonly saveEvery: number;
  readonly say: (line: string) => void;
  /** Whose processes train. */
  readonly pool: ProcessPool;
}

export class QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #redis: Redis;
  readonly #store: RunStore;
  readonly #worker: Worker<unknown, void>;
  readonly #stop = new AbortController();
  /** Why runs of a study were refused, by study. */
  readonly #refusals = new Map<string, string>();

  private constructor(options: QueueWorkerOptions, redis: Redis) {
    this.#options = options;
    this.#redis = redis;
    this.#store = new RunStore(redis);
    const patience = 1000 * options.takeover;
    this.#worker = new Worker(QUEUE.name, (job, token) => this.#work(job, token ?? ''), {
      ...{ connection: redis, prefix: QUEUE.prefix, concurrency: options.jobs, runRetryDelay: RETRY },
      ...{ lockDuration: patience, stalledInterval: patience, maxStalledCount: MOST_SILENCED },
    });
    this.#worker.on('error', (error) => this.#onError(error));
  }

  /** @throws Error if the queue can't be reached */
  static async open(options: QueueWorkerOptions): Promise<QueueWorker> {
    return new QueueWorker(options, await connectQueue(options.address, options.say));
  }

  /**
   * Saves the runs under way, gives them back, and ends.
   *
   * @throws Error if Redis doesn't take them
   */
  async close(): Promise<void> {
    this.#stop.abort();
    const closed = this.#worker.close().then(() => true);
    const isClosed = await Promise.race([closed, sleep(1000 * GRACE, false, { ref: false })]);
    this.#redis.disconnect();
    if (isClosed) return;
    throw new Error(
      `${this.#options.address.title} didn't answer for ${GRACE} s; the runs here will go on elsewhere from the ` +
        'checkpoints that were sent before',
    );
  }

  async #work(job: Job<unknown, void>, token: string): Promise<void> {
    const run = await this.#read(job, token);
    const known = this.#refusals.get(studyOf(run));
    if (known) return this.#refuse(job, token, known);
    const id = job.id ?? '';
    const taken = await this.#store.take(id, token);
    // Its result had arrived, but not the word that it is done.
    if (taken === 'finished') return;
    if (taken === 'lost') throw new UnrecoverableError(WITHDRAWN);
    await this.#train(run, id, job, token);
  }

  /** Checks what the job asks for. */
  async #read(job: Job<unknown, void>, token: string): Promise<RunJob> {
    try {
      return parseRunJob(job.id ?? '', job.data);
    } catch (error) {
      if (error instanceof OtherVersionError) return this.#refuse(job, token, error.message);
      if (!(error instanceof InvalidJobError)) throw error;
      this.#options.say(error.message);
      throw new UnrecoverableError(error.message);
    }
  }

  async #train(run: RunJob, id: string, job: Job<unknown, void>, token: string): Promise<void> {
    const { jobs, threads, dataDir, saveEvery, pool } = this.#options;
    const { settings } = run;
    const say = (line: string): void => {
      this.#options.say(`${settings.pool}, seed ${settings.seed} (${settings.model} on ${settings.data}): ${line}`);
    };
    say('taken');
    const taken = new TakenRun({
      ...{ id, token, job: run, store: this.#store, pool, dataDir, saveEvery, say },
      backend: sharedAmong(jobs, givenOptions({ ...run.backend, threads })),
      publish: (news: RunNews) => job.updateProgress(news),
      signal: this.#stop.signal,
    });
    try {
      const end = await taken.train();
      if (end === 'finished') return say('finished');
      if (end === 'stopped') return await this.#giveBack(job, token, say);
      say('dropped: it was given to another worker, or taken back');
      throw new UnrecoverableError(WITHDRAWN);
    } catch (error) {
      if (error instanceof RefusalError) {
        this.#refusals.set(studyOf(run), error.message);
        return this.#refuse(job, token, error.message);
      }
      if (error instanceof Error && !isMove(error)) say(`failed: ${error.message}`);
      throw error;
    }
  }

  async #giveBack(job: Job<unknown, void>, token: string, say: (line: string) => void): Promise<never> {
    await job.moveToWait(token);
    say('saved and given back');
    throw new WaitingError();
  }

  /** Leaves the run to others, and tells both sides why. */
  async #refuse(job: Job<unknown, void>, token: string, reason: string): Promise<never> {
    const [host, delay] = [os.hostname(), Math.min(2 ** job.attemptsStarted, LONGEST_DELAY)];
    this.#options.say(`refused a run: ${reason}`);
    await job.updateProgress({ refusal: `the worker ${host} (process ${process.pid}) refuses: ${reason}` });
    await job.moveToDelayed(Date.now() + 1000 * delay, token);
    throw new DelayedError();
  }

  /** Lost connections are announced elsewhere, lost locks when the run is dropped. */
  #onError({ message }: Error): void {
    if (!/lock|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|Connection is closed/.test(message)) this.#options.say(message);
  }
}

/** Whether the error only tells BullMQ that the job was moved, or is lost. */
function isMove(error: Error): boolean {
  return error instanceof WaitingError || error instanceof DelayedError || error.message === WITHDRAWN;
}

/** What refusals depend on. */
function studyOf({ arithmetic, data, backend }: RunJob): string {
  return JSON.stringify({ arithmetic, data, backend });
}
