/**
 * @file What the calling thread and its helpers say to each other, in a control block of the shared memory.
 *
 * A job is one kernel over `tasks` tasks, cut into chunks. The ticket holds the job's number and how many chunks nobody has
 * claimed yet; whoever counts it down by one owns a chunk, and only then reads what the job is. A job ends when every chunk
 * is done, so what an owner reads stays true until it is done itself, and a helper that comes late finds no chunk: nobody
 * ever waits for a helper that sleeps.
 */

/** Fields in 4-byte words; those that several threads write lie on cache lines of their own. */
export const FIELD = {
  /** Job number · 1024 + unclaimed chunks. */
  ticket: 0,
  /** Counts jobs; helpers sleep on it. */
  epoch: 16,
  chunksDone: 32,
  sleepers: 48,
  /** Helpers that have come up. */
  ready: 49,
  /** Number of the helper whose kernel failed, else 0. */
  failed: 50,
  /** 1 tells the helpers to end. */
  stop: 51,
  kernel: 64,
  argumentCount: 65,
  tasks: 66,
  chunks: 67,
  /** Scratch memory: address, then bytes per thread; negative where the kernel takes none. */
  scratch: 68,
  scratchBytes: 69,
  /** Float64 each, so that one list holds addresses, counts and real numbers. */
  arguments: 80,
} as const;

export const CHUNK_BITS = 10;
export const MOST_CHUNKS = (1 << CHUNK_BITS) - 1;
const MOST_ARGUMENTS = 40;
export const CONTROL_BYTES = (FIELD.arguments + 2 * MOST_ARGUMENTS) * 4;

/** The control block, seen as words and its arguments as float64. */
export class ControlBlock {
  readonly words: Int32Array<ArrayBufferLike>;
  readonly arguments: Float64Array<ArrayBufferLike>;

  constructor(
    buffer: ArrayBufferLike,
    readonly address: number,
  ) {
    this.words = new Int32Array(buffer, address, CONTROL_BYTES / 4);
    this.arguments = new Float64Array(buffer, address + FIELD.arguments * 4, MOST_ARGUMENTS);
  }

  load(field: number): number {
    return Atomics.load(this.words, field);
  }

  store(field: number, value: number): void {
    Atomics.store(this.words, field, value);
  }
}
