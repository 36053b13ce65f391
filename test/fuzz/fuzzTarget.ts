/**
 * @file A fuzz target: a reader, hostile inputs for it, and what must hold of every one of them.
 *
 * A reader either returns what satisfies the target's invariants or throws an error that is documented for it. It never throws
 * anything else, never takes longer than `SLOWEST_MILLISECONDS`, and never allocates more than a small multiple of its input.
 */
import { getHeapStatistics } from 'node:v8';
import fc from 'fast-check';

/** How a reader is fuzzed. */
export interface FuzzedReader<Input> {
  readonly name: string;
  /** Cases of `npm run fuzz`, unless it is told otherwise. */
  readonly cases: number;
  readonly inputs: fc.Arbitrary<Input>;
  /** Reads the input and checks what it read by `demand`. */
  read(input: Input): unknown;
  /** What is wrong with an error of the reader; nothing, if it is a documented one that says enough. */
  complaint(error: unknown, input: Input): string | undefined;
  /** The input as bytes: what a report shows, and what the memory is measured by. */
  bytes(input: Input): Uint8Array;
  /** Bytes that the reader may allocate whatever the input is, besides `MOST_BYTES_PER_BYTE` for each of it. */
  readonly allowance?: number;
}

export interface FuzzOptions {
  readonly cases: number;
  readonly seed: number;
  /** Of a failure, to see it again. */
  readonly path?: string | undefined;
  /** Called before each case, with its number. */
  readonly onCase?: ((index: number) => void) | undefined;
}

export interface FuzzFailure {
  readonly problem: string;
  /** fast-check's place of the smallest input that fails. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface FuzzReport {
  readonly name: string;
  readonly cases: number;
  /** Inputs that were read, and that were refused. */
  readonly read: number;
  readonly refused: number;
  readonly slowestMilliseconds: number;
  readonly mostBytes: number;
  readonly failure?: FuzzFailure | undefined;
}

export interface FuzzTarget {
  readonly name: string;
  readonly cases: number;
  run(options: FuzzOptions): Promise<FuzzReport>;
  /** The bytes of one case: what a reader hangs on can't be reported by itself. */
  bytesOf(seed: number, index: number): Uint8Array;
}

/** Generous, since the machine may be busy: the inputs are small, and the readers take microseconds to milliseconds. */
export const SLOWEST_MILLISECONDS = 20_000;
/** A parsed JSON header takes up to thirty times its size, and so does a message about it. */
export const MOST_BYTES_PER_BYTE = 64;
/** What compiled code, caches and small objects take. */
const ALLOWANCE = 2 ** 22;

/** What was read isn't what it must be: a failure, whatever errors are documented. */
class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Fails the case unless `condition` holds of what was read. */
export function demand(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new InvariantError(invariant);
}

/** A reader with its inputs, ready to be run. */
export function fuzzTarget<Input>(reader: FuzzedReader<Input>): FuzzTarget {
  return {
    name: reader.name,
    cases: reader.cases,
    run: (options) => run(reader, options),
    bytesOf: (seed, index) => {
      const [input] = fc.sample(reader.inputs, { seed, numRuns: index + 1 }).slice(-1);
      return input === undefined ? new Uint8Array() : reader.bytes(input);
    },
  };
}

async function run<Input>(reader: FuzzedReader<Input>, options: FuzzOptions): Promise<FuzzReport> {
  const { cases, seed, path, onCase } = options;
  const tally = { cases: 0, read: 0, refused: 0, slowestMilliseconds: 0, mostBytes: 0 };
  let failed = false;
  const property = fc.asyncProperty(reader.inputs, async (input) => {
    if (!failed) onCase?.(tally.cases);
    const { milliseconds, bytes, problem, refused } = await judged(reader, input);
    // What follows a failure only looks for a smaller input; with a slow one that would take too long.
    if (failed) return problem !== undefined && milliseconds < SLOWEST_MILLISECONDS ? fail(problem) : undefined;
    tally.cases += 1;
    tally[refused ? 'refused' : 'read'] += 1;
    tally.slowestMilliseconds = Math.max(tally.slowestMilliseconds, milliseconds);
    tally.mostBytes = Math.max(tally.mostBytes, bytes);
    failed = problem !== undefined;
    if (problem !== undefined) fail(problem);
  });
  const details = await fc.check(property, { numRuns: cases, seed, ...(path === undefined ? {} : { path }) });
  const [input] = details.counterexample ?? [];
  if (!details.failed || input === undefined) return { name: reader.name, ...tally };
  const { errorInstance, counterexamplePath } = details;
  const problem = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const failure = { problem, path: counterexamplePath ?? '', bytes: reader.bytes(input) };
  return { name: reader.name, ...tally, failure };
}

function fail(problem: string): never {
  throw new Error(problem);
}

interface Measured {
  readonly milliseconds: number;
  readonly bytes: number;
  readonly refused: boolean;
  /** Whether the bytes are too many. */
  readonly isLarge: boolean;
  readonly problem?: string | undefined;
}

/** How often a case must allocate too much: what a reader takes it takes each time; the engine optimises its code but once. */
const MEASUREMENTS = 3;

/** One case; the least memory that it took, if that was too much. */
async function judged<Input>(reader: FuzzedReader<Input>, input: Input): Promise<Measured> {
  let least = await measured(reader, input);
  for (let i = 1; i < MEASUREMENTS && least.isLarge; i++) {
    const again = await measured(reader, input);
    if (again.bytes < least.bytes) least = again;
  }
  return least;
}

/** One case: what it took, and what is wrong with how it ended. */
async function measured<Input>(reader: FuzzedReader<Input>, input: Input): Promise<Measured> {
  const size = reader.bytes(input).length;
  const [memory, start] = [allocatedBytes(), performance.now()];
  let thrown: { readonly error: unknown } | undefined;
  try {
    await reader.read(input);
  } catch (error) {
    thrown = { error };
  }
  const milliseconds = performance.now() - start;
  // A collection in between makes it less: it is found in one of the many other cases.
  const bytes = Math.max(0, allocatedBytes() - memory);
  const most = (reader.allowance ?? ALLOWANCE) + MOST_BYTES_PER_BYTE * size;
  const isLarge = bytes > most;
  const problem =
    (thrown && wrongWith(reader, thrown.error, input)) ??
    (milliseconds >= SLOWEST_MILLISECONDS ? `took ${Math.round(milliseconds)} ms for ${size} bytes` : undefined) ??
    (isLarge ? `allocated ${bytes} bytes for an input of ${size} bytes` : undefined);
  return { milliseconds, bytes, refused: thrown !== undefined, isLarge, problem };
}

function wrongWith<Input>(reader: FuzzedReader<Input>, error: unknown, input: Input): string | undefined {
  if (error instanceof InvariantError) return `what was read breaks an invariant: ${error.message}`;
  const complaint = reader.complaint(error, input);
  if (complaint === undefined) return undefined;
  return `${complaint}\n${error instanceof Error ? error.stack : String(error)}`;
}

function allocatedBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}
