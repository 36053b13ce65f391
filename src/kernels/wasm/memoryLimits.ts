/**
 * @file When memory is too much: a warning once, later an error that says who holds it.
 */
import { ArgumentError, BackendError } from '../../errors.js';
import type { Allocator } from './allocator.js';

const DEFAULT_SOFT_LIMIT = 2 ** 30;
/** How many holders an error names. */
const NAMED_HOLDERS = 5;

export interface MemoryLimitOptions {
  readonly softLimit?: number | undefined;
  readonly hardLimit?: number | undefined;
  readonly insideScope?: (() => boolean) | undefined;
}

export class MemoryLimits {
  readonly hardLimit: number;
  readonly #softLimit: number;
  readonly #insideScope: (() => boolean) | undefined;
  #hasWarned = false;

  /** @throws ArgumentError if a limit isn't a positive number of bytes */
  constructor({
    softLimit = DEFAULT_SOFT_LIMIT,
    hardLimit = Number.POSITIVE_INFINITY,
    insideScope,
  }: MemoryLimitOptions) {
    for (const [name, bytes] of Object.entries({ softLimit, hardLimit })) {
      if (!(bytes > 0)) throw new ArgumentError(`wasm: ${name} must be a positive number of bytes, got ${bytes}`);
    }
    this.hardLimit = hardLimit;
    this.#softLimit = softLimit;
    this.#insideScope = insideScope;
  }

  /** Warns once if so many bytes are live and no scope is open that would free them. */
  warnAbove(liveBytes: number): void {
    if (this.#hasWarned || liveBytes <= this.#softLimit || (this.#insideScope?.() ?? true)) return;
    this.#hasWarned = true;
    console.warn(
      `softgrad: tensors hold ${describeBytes(liveBytes)} and no scope is open, so that only the garbage collector frees ` +
        'them, late. Wrap a training step or a prediction in scope(() => …), or dispose() what is no longer needed; ' +
        "setBackend('wasm', { softLimit }) moves this limit.",
    );
  }

  /** The error of an allocation that failed. */
  exceeded(owner: string, bytes: number, allocator: Allocator, memoryBytes: number): BackendError {
    const limit =
      allocator.liveBytes + bytes > this.hardLimit
        ? `the hard limit is ${describeBytes(this.hardLimit)}`
        : `the memory of ${describeBytes(memoryBytes)} can't grow`;
    const holders = allocator
      .largestHolders(NAMED_HOLDERS)
      .map((holder) => `${holder.count} × ${describeBytes(holder.bytes)} made by ${holder.owner}`);
    return new BackendError(
      `wasm: ${owner} needs ${describeBytes(bytes)}, ${describeBytes(allocator.liveBytes)} are live, and ${limit}. ` +
        `Largest holders: ${holders.join('; ')}. Free tensors with scope(() => …) or dispose(), or use smaller batches.`,
    );
  }
}

/** Bytes in the unit in which they are a readable number. */
export function describeBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** unit;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
