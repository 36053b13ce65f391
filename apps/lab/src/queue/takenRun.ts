/**
 * @file A run that a worker has taken: trained in a folder of its own, with its checkpoints in the store.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendOptions } from '../commands/backendOptions.js';
import type { ProcessPool } from '../study/processPool.js';
import { RunFolder } from '../study/runFolder.js';
import type { RunHooks } from '../study/runRecorder.js';
import { type RunResult, runTiming } from '../study/runResult.js';
import { CheckpointCourier } from './checkpointCourier.js';
import type { RunJob } from './runJob.js';
import { NewsWriter, type RunNews } from './runNews.js';
import { type RunStore, SizeError } from './runStore.js';

/** Milliseconds between two signs of life, which tell how far the run is and find out whether it was given to another. */
const BEAT = 2000;
/** The longest pause in seconds before a result that Redis didn't take is sent again. */
const LONGEST_PAUSE = 30;

/** `lost`: to a worker that took it up, because this one seemed to be dead, or to whoever withdrew it. */
export type RunEnd = 'finished' | 'stopped' | 'lost';

export interface TakenRunOptions {
  readonly id: string;
  /** By which the job's lock is held. */
  readonly token: string;
  readonly job: RunJob;
  readonly store: RunStore;
  readonly pool: ProcessPool;
  readonly backend: BackendOptions;
  readonly dataDir: string | undefined;
  /** Seconds at least between two checkpoints that are sent. */
  readonly saveEvery: number;
  readonly publish: (news: RunNews) => Promise<unknown>;
  readonly say: (line: string) => void;
  /** Stops the training after its step, and sends the checkpoint. */
  readonly signal: AbortSignal;
}

export class TakenRun {
  readonly #options: TakenRunOptions;
  readonly #news = new NewsWriter();
  /** Aborted when the run isn't this worker's any more, or can't be kept in the store. */
  readonly #gone = new AbortController();
  #isBeating = false;

  constructor(options: TakenRunOptions) {
    this.#options = options;
  }

  /**
   * Trains the run from its checkpoint, if there is one.
   *
   * @throws RefusalError if this machine computes otherwise, or on other data
   */
  async train(): Promise<RunEnd> {
    const folder = new RunFolder(await mkdtemp(path.join(os.tmpdir(), 'softgrad-worker-')));
    try {
      await this.#restore(folder);
      return await this.#trainIn(folder);
    } catch (error) {
      throw error instanceof Error ? withoutPath(error, folder.checkpoint) : error;
    } finally {
      await rm(folder.folder, { recursive: true, force: true });
    }
  }

  async #restore(folder: RunFolder): Promise<void> {
    const saved = await this.#options.store.saved(this.#options.id);
    if (!saved) return;
    await writeFile(folder.checkpoint, saved.checkpoint);
    await folder.writeTiming(runTiming.parse(JSON.parse(saved.timing)));
  }

  async #trainIn(folder: RunFolder): Promise<RunEnd> {
    const { pool, job, dataDir, backend, saveEvery, signal } = this.#options;
    const { settings, arithmetic, data } = job;
    const courier = new CheckpointCourier(() => this.#send(folder), saveEvery);
    const beat = setInterval(() => void this.#beat(), BEAT);
    try {
      const expected = { arithmetic, data };
      const order = { kind: 'run', settings, folder: folder.folder, dataDir, backend, expected } as const;
      const result = await pool.run(order, this.#hooks(courier, signal));
      if (result && !this.#gone.signal.aborted) return await this.#finish(result, folder);
      await courier.flush();
      if (this.#gone.signal.reason instanceof SizeError) throw this.#gone.signal.reason;
      return this.#gone.signal.aborted ? 'lost' : 'stopped';
    } catch (error) {
      // A process that was killed may have saved more than was sent.
      if (!this.#gone.signal.aborted) await courier.flush();
      throw error;
    } finally {
      clearInterval(beat);
      courier.stop();
    }
  }

  #hooks(courier: CheckpointCourier, signal: AbortSignal): RunHooks {
    const { say } = this.#options;
    return {
      onResume: ({ steps }) => say(`goes on from step ${steps}`),
      onStep: (event) => this.#news.step(event),
      onEpoch: (record) => {
        this.#news.epoch(record);
        void this.#beat();
      },
      onSave: () => courier.due(),
      signal: AbortSignal.any([signal, this.#gone.signal]),
    };
  }

  /** While Redis is away, one beat waits for it. */
  async #beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    const { id, token, store, publish } = this.#options;
    try {
      if (!(await store.owns(id, token))) this.#gone.abort();
      const news = this.#news.take();
      if (news) await publish(news);
    } catch {
      // Nobody misses news; whether the run is still this worker's, the store says again when it is saved.
    } finally {
      this.#isBeating = false;
    }
  }

  /** Sends the checkpoint that lies in the folder. */
  async #send(folder: RunFolder): Promise<void> {
    const { id, token, store, say } = this.#options;
    try {
      // The end of the run removes it.
      const checkpoint = await readFile(folder.checkpoint).catch(() => undefined);
      if (!checkpoint) return;
      const timing = JSON.stringify(await folder.timing());
      if (!(await store.save(id, token, { checkpoint, timing }))) this.#gone.abort();
    } catch (error) {
      if (error instanceof SizeError) this.#gone.abort(error);
      else say(`a checkpoint couldn't be sent (${messageOf(error)}); the next one will be tried`);
    }
  }

  async #finish(result: RunResult, folder: RunFolder): Promise<RunEnd> {
    const { id, token, store, say, signal } = this.#options;
    const weights = await readFile(folder.weights);
    const timing = JSON.stringify(await folder.timing());
    const finished = { result: JSON.stringify(result), timing, weights };
    for (let pause = 1; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        return (await store.finish(id, token, finished)) ? 'finished' : 'lost';
      } catch (error) {
        if (error instanceof SizeError) throw error;
        say(`the result couldn't be sent (${messageOf(error)}); trying again in ${pause} s`);
        await sleep(1000 * pause, undefined, { signal }).catch(() => undefined);
      }
    }
    return 'stopped';
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Nobody can look at the file there: it goes with the run. */
function withoutPath(error: Error, file: string): Error {
  if (!error.message.startsWith(file)) return error;
  const problem = error.message.slice(file.length);
  return new Error(`its checkpoint in the queue${problem}; compare --force begins anew`, { cause: error });
}
