/**
 * @file A study's runs on other machines, through a queue.
 *
 * A run is put into the queue, and a worker (queueWorker.ts) trains it. At its end the result, the times and the weights are
 * fetched and written into the same folder, with the same bytes, as if it had been trained here.
 */
import { setMaxListeners } from 'node:events';
import type { Redis } from 'ioredis';
import { parseSafetensors, writeFileAtomically } from 'softgrad/io';
import type { BackendOptions } from '../commands/backendOptions.js';
import { arithmetic } from '../study/arithmetic.js';
import { dataChecksum } from '../study/dataChecksum.js';
import type { StudyData } from '../study/datasets.js';
import type { RunFolder } from '../study/runFolder.js';
import type { StudyRunner } from '../study/runner.js';
import type { RunHooks } from '../study/runRecorder.js';
import { type RunResult, runResult, runTiming } from '../study/runResult.js';
import type { RunSettings } from '../study/settings.js';
import type { QueueAddress } from './queueAddress.js';
import { connectQueue } from './queueConnection.js';
import { newRunJob, type RunJob, runJobId, WITHDRAWN } from './runJob.js';
import { NewsReader, type RunNews } from './runNews.js';
import { type FinishedRun, RunStore } from './runStore.js';
import { soonAfter } from './soonAfter.js';
import { type Ending, StudyQueue } from './studyQueue.js';

/** Seconds that Redis has to answer once the study is to end. */
const GRACE = 3;
/** Seconds that a result stays after it was fetched: someone else may be waiting for the same run. */
const AFTERWARDS = 60;

export interface QueueRunnerOptions {
  readonly address: QueueAddress;
  readonly data: StudyData;
  /** What gives the study's arithmetic. */
  readonly backend: Pick<BackendOptions, 'backend' | 'variant'>;
  /** Runs of the study: all are in the queue at once. */
  readonly runs: number;
  /** Whether what the queue has of these runs is forgotten. */
  readonly anew: boolean;
  /** Told of what a person should know: workers, refusals, outages. */
  readonly say: (line: string) => void;
}

export class QueueRunner implements StudyRunner {
  readonly jobs: number;
  readonly #options: QueueRunnerOptions;
  readonly #redis: Redis;
  readonly #queue: StudyQueue;
  readonly #store: RunStore;
  readonly #checksum: string;
  readonly #refusals = new Set<string>();
  /** Runs that weren't in the queue before. */
  readonly #added = new Set<string>();
  #preparing: Promise<unknown> = Promise.resolve();

  private constructor(options: QueueRunnerOptions, redis: Redis, queue: StudyQueue) {
    this.jobs = options.runs;
    this.#options = options;
    this.#redis = redis;
    this.#queue = queue;
    this.#store = new RunStore(redis);
    this.#checksum = dataChecksum(options.data);
  }

  /** @throws Error if the queue can't be reached */
  static async open(options: QueueRunnerOptions): Promise<QueueRunner> {
    const { address, say } = options;
    const redis = await connectQueue(address, say);
    const queue = await StudyQueue.open(redis);
    const workers = await queue.workers();
    if (workers === 0) {
      say(`no worker is at ${address.title} yet; on any machine: softgrad worker --queue ${address.title}`);
    }
    if (workers) say(`${workers} ${workers === 1 ? 'worker' : 'workers'} at ${address.title}`);
    return new QueueRunner(options, redis, queue);
  }

  /** Ends soon after the signal, even if Redis is away. */
  run(settings: RunSettings, folder: RunFolder, hooks: RunHooks): Promise<RunResult | undefined> {
    // Every run of the study waits for it.
    if (hooks.signal) setMaxListeners(0, hooks.signal);
    return soonAfter(hooks.signal, GRACE, this.#run(settings, folder, hooks));
  }

  async #run(settings: RunSettings, folder: RunFolder, hooks: RunHooks): Promise<RunResult | undefined> {
    const { backend } = this.#options;
    const job = newRunJob({ settings, arithmetic: arithmetic(), data: this.#checksum, backend });
    const id = runJobId(job);
    // One after the other, so that runs stand in the queue in the study's order.
    const prepared = this.#preparing.then(() => this.#prepare(id, job, folder, hooks.signal));
    this.#preparing = prepared.catch(() => undefined);
    const before = await prepared;
    if (before) return before;
    while (!hooks.signal?.aborted) {
      const ending = await this.#ending(id, job, hooks);
      if (ending?.kind === 'completed') {
        const result = await this.#fetch(id, folder, settings);
        if (result) return result;
      }
      if (ending?.kind === 'failed') {
        await this.#queue.remove(id);
        if (ending.reason !== WITHDRAWN) throw new Error(ending.reason);
      }
    }
    return undefined;
  }

  async close(): Promise<void> {
    await soonAfter(AbortSignal.abort(), GRACE, this.#queue.close());
    this.#redis.disconnect();
  }

  /** Claims the folder, and puts the run into the queue if it isn't finished there. */
  async #prepare(
    id: string,
    job: RunJob,
    folder: RunFolder,
    signal: AbortSignal | undefined,
  ): Promise<RunResult | undefined> {
    await folder.claim(job.settings, job);
    const result = await folder.result();
    if (result) {
      await folder.removeCheckpoint();
      return result;
    }
    if (signal?.aborted) return undefined;
    if (this.#options.anew) {
      await this.#store.forget(id);
      await this.#queue.remove(id);
    }
    if (await this.#queue.add(id, job)) this.#added.add(id);
    return undefined;
  }

  /** Waits for the run's end; nothing if the signal came first. */
  async #ending(id: string, job: RunJob, hooks: RunHooks): Promise<Ending | undefined> {
    const reader = new NewsReader(hooks, this.#added.has(id));
    const interrupted = new Promise<undefined>((resolve) => {
      hooks.signal?.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const ended = this.#queue.ended(id, job, (news) => this.#onNews(news, reader));
    const ending = await Promise.race([ended, interrupted]);
    this.#queue.leave(id);
    return ending;
  }

  #onNews(news: RunNews, reader: NewsReader): void {
    if ('last' in news) {
      reader.read(news);
    } else if (!this.#refusals.has(news.refusal)) {
      this.#refusals.add(news.refusal);
      this.#options.say(news.refusal);
    }
  }

  /** Writes what the worker sent; nothing if it is gone. */
  async #fetch(id: string, folder: RunFolder, settings: RunSettings): Promise<RunResult | undefined> {
    const finished = await this.#store.finished(id);
    const result = finished && (await deliver(finished, folder, settings));
    await this.#queue.remove(id);
    if (result) await this.#store.forget(id, { afterSeconds: AFTERWARDS });
    else this.#options.say(`the result of ${id} is gone from Redis, which must not evict keys; it is run again`);
    return result;
  }
}

/** @throws Error if it isn't what a worker sends */
async function deliver(finished: FinishedRun, folder: RunFolder, { pool, seed }: RunSettings): Promise<RunResult> {
  const result = runResult.parse(JSON.parse(finished.result));
  if (result.pool !== pool || result.seed !== seed) {
    throw new Error(`the queue has ${result.pool}, seed ${result.seed} in its place`);
  }
  const timing = runTiming.parse(JSON.parse(finished.timing));
  parseSafetensors(finished.weights, 'the weights in the queue');
  await writeFileAtomically('softgrad compare', folder.weights, finished.weights);
  await folder.writeTiming(timing);
  // Last: from now on the run counts.
  await folder.finish(result);
  return result;
}
