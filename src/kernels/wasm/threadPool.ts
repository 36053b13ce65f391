/**
 * @file Runs kernels on the calling thread and its helpers (see `threadProtocol.ts`).
 */
import { BackendError } from '../../errors.js';
import { type Helper, type HelperEnd, mayBlock, startHelper } from './helper.js';
import { CHUNK_BITS, ControlBlock, FIELD, MOST_CHUNKS } from './threadProtocol.js';

/** One kernel over a range of tasks. */
export interface Job {
  /** Position among the module's exported functions. */
  readonly kernel: number;
  readonly name: string;
  readonly args: readonly number[];
  readonly tasks: number;
  /** How much there is to do in all, as `Work` counts it. */
  readonly cells: number;
  /** Address and bytes per thread of the scratch memory that the kernel takes, if it does. */
  readonly scratch: { readonly address: number; readonly bytesPerThread: number } | undefined;
}

export interface ThreadPoolOptions {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly kernels: readonly Kernel[];
  /** Address of `CONTROL_BYTES` bytes that nobody else will ever use: a helper that is being ended may still look there. */
  readonly newControlBlock: () => number;
  /** The calling thread included. */
  readonly threads: number;
  /** How long a helper may show nothing before it is taken for lost. Default: a minute. */
  readonly lostMilliseconds?: number | undefined;
}

export type Kernel = (...args: number[]) => unknown;

/** A chunk takes some 30 µs: claiming it costs nothing beside that, and at the end nobody waits longer for the last one. */
const CELLS_PER_CHUNK = 100_000;
/** Even short jobs are cut so that a thread which comes late, or is slower, takes less. */
const LEAST_CHUNKS_PER_THREAD = 2;
/** How long a helper spins before it sleeps: longer than the JavaScript between two kernels of a training step. */
const SPIN_MILLISECONDS = 0.3;
/** How long the caller spins for the last chunk before it looks only now and then. */
const CALLER_SPIN_MILLISECONDS = 1;
const GLANCE_MILLISECONDS = 0.1;
/** A chunk takes milliseconds: a helper that shows nothing for so long is lost. */
const LOST_MILLISECONDS = 60_000;
const EPOCHS = 1 << (31 - CHUNK_BITS);

export class ThreadPool {
  readonly threads: number;
  readonly #options: ThreadPoolOptions;
  #control: ControlBlock | undefined;
  #helpers: Helper[] = [];
  #epoch = 0;
  #lost: HelperEnd | undefined;

  constructor(options: ThreadPoolOptions) {
    this.threads = options.threads;
    this.#options = options;
  }

  /** Helpers that have come up so far. */
  get ready(): number {
    return this.#control?.load(FIELD.ready) ?? 0;
  }

  /** Helpers that were started. */
  get helpers(): readonly Helper[] {
    return this.#helpers;
  }

  /**
   * Runs a job to its end. The helpers are started with the first one and take part as soon as they are up.
   *
   * @throws BackendError if a helper has ended or a kernel has failed; the next job starts new helpers
   */
  run(job: Job): void {
    if (this.#lost) this.#giveUp(`helper thread ${this.#lost.thread} ended: ${this.#lost.reason}`);
    const control = this.#control ?? this.#start();
    const wanted = Math.max(this.threads * LEAST_CHUNKS_PER_THREAD, Math.ceil(job.cells / CELLS_PER_CHUNK));
    const chunks = Math.min(job.tasks, wanted, MOST_CHUNKS);
    this.#publish(control, job, chunks);
    const done = this.#takePart(control, job, chunks);
    this.#awaitHelpers(control, job, chunks - done);
    const failed = control.load(FIELD.failed);
    if (failed > 0) this.#giveUp(`kernel ${job.name} failed on helper thread ${failed}`);
  }

  /** Ends the helpers. A later job starts new ones. */
  close(): void {
    this.#control?.store(FIELD.stop, 1);
    for (const helper of this.#helpers) helper.stop();
    this.#control = undefined;
    this.#helpers = [];
    this.#lost = undefined;
  }

  #start(): ControlBlock {
    const { module, memory, newControlBlock } = this.#options;
    const address = newControlBlock();
    const control = new ControlBlock(memory.buffer, address);
    control.words.fill(0);
    this.#control = control;
    for (let thread = 1; thread < this.threads; thread++) {
      const start = { module, memory, control: address, thread, spinMilliseconds: SPIN_MILLISECONDS };
      this.#helpers.push(
        startHelper(start, (reason) => {
          if (this.#control === control) this.#lost ??= { thread, reason };
        }),
      );
    }
    return control;
  }

  #publish(control: ControlBlock, job: Job, chunks: number): void {
    const { words } = control;
    words[FIELD.kernel] = job.kernel;
    words[FIELD.argumentCount] = job.args.length;
    control.arguments.set(job.args);
    words[FIELD.tasks] = job.tasks;
    words[FIELD.chunks] = chunks;
    words[FIELD.scratch] = job.scratch?.address ?? 0;
    words[FIELD.scratchBytes] = job.scratch?.bytesPerThread ?? -1;
    this.#epoch = (this.#epoch + 1) % EPOCHS;
    control.store(FIELD.chunksDone, 0);
    control.store(FIELD.ticket, (this.#epoch << CHUNK_BITS) | chunks);
    control.store(FIELD.epoch, this.#epoch);
    if (control.load(FIELD.sleepers) > 0) Atomics.notify(words, FIELD.epoch, chunks - 1);
  }

  /** Runs chunks until none is left; returns how many. */
  #takePart(control: ControlBlock, job: Job, chunks: number): number {
    const kernel = this.#options.kernels[job.kernel];
    if (!kernel) throw new RangeError(`wasm: no kernel ${job.kernel}`);
    const args = job.scratch ? [...job.args, job.scratch.address] : [...job.args];
    const range = args.length;
    let done = 0;
    try {
      for (let left = claim(control); left > 0; left = claim(control)) {
        const chunk = chunks - left;
        args[range] = Math.floor((chunk * job.tasks) / chunks);
        args[range + 1] = Math.floor(((chunk + 1) * job.tasks) / chunks);
        kernel(...args);
        done += 1;
      }
    } catch (error) {
      // The helpers still have chunks of this job: they must not meet the next one.
      this.close();
      throw error;
    }
    return done;
  }

  /** Waits until the helpers have done the `chunks` that they claimed. */
  #awaitHelpers(control: ControlBlock, job: Job, chunks: number): void {
    const { lostMilliseconds = LOST_MILLISECONDS } = this.#options;
    let done = control.load(FIELD.chunksDone);
    let changed = done < chunks ? performance.now() : 0;
    while (done < chunks) {
      const now = control.load(FIELD.chunksDone);
      if (now !== done) {
        done = now;
        changed = performance.now();
        continue;
      }
      const waited = performance.now() - changed;
      if (waited > lostMilliseconds) {
        this.#giveUp(`helper threads did not finish kernel ${job.name} within ${lostMilliseconds / 1000} s`);
      }
      if (waited > CALLER_SPIN_MILLISECONDS && mayBlock) {
        Atomics.wait(control.words, FIELD.chunksDone, done, GLANCE_MILLISECONDS);
      }
    }
  }

  #giveUp(what: string): never {
    this.close();
    throw new BackendError(
      `wasm: ${what}; results of this step are lost, and the next kernel starts new threads. ` +
        "setBackend('wasm', { threads: 1 }) runs without",
    );
  }
}

/** The number of unclaimed chunks before one was claimed, 0 if there was none. */
function claim({ words }: ControlBlock): number {
  for (;;) {
    const ticket = Atomics.load(words, FIELD.ticket);
    const left = ticket & MOST_CHUNKS;
    if (left === 0 || Atomics.compareExchange(words, FIELD.ticket, ticket, ticket - 1) === ticket) return left;
  }
}
