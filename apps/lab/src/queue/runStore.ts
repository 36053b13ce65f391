/**
 * @file What machines without a common file system share of a run: its checkpoint while it runs, its result at the end.
 *
 * A hash in Redis per run. `owner` is a fencing token, the one by which BullMQ's lock was got when the run was taken: whoever
 * comes with another one, because it was thought dead meanwhile, changes nothing. Each script is atomic.
 */
import type { Redis } from 'ioredis';
import { QUEUE } from './runJob.js';

/** Bytes that a checkpoint or a file of weights may have. Redis itself ends at 512 MiB. */
export const MOST_BYTES = 256 * 1024 * 1024;

/** After so long without a sign of life a run is forgotten, in seconds: 7 days. */
const KEPT = 7 * 24 * 3600;

/** Taken only with the lock in hand: between getting the lock and this, another may have got it. */
const TAKE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'lost' end
redis.call('EXPIRE', KEYS[2], ARGV[2])
if redis.call('HEXISTS', KEYS[2], 'result') == 1 then return 'finished' end
redis.call('HSET', KEYS[2], 'owner', ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[2])
return 'taken'`;

const SAVE = `
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'checkpoint', ARGV[3], 'timing', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1`;

const FINISH = `
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'weights', ARGV[3], 'timing', ARGV[4], 'result', ARGV[5])
redis.call('HDEL', KEYS[1], 'checkpoint')
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1`;

/** A run under way. */
export interface SavedRun {
  /** The file, as it is. */
  readonly checkpoint: Buffer;
  /** JSON. */
  readonly timing: string;
}

/** A run at its end. */
export interface FinishedRun {
  /** JSON. */
  readonly result: string;
  /** JSON. */
  readonly timing: string;
  /** The file, as it is. */
  readonly weights: Buffer;
}

/** A checkpoint, or weights, that a queue can't take. */
export class SizeError extends Error {
  override readonly name = 'SizeError';
}

export class RunStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Makes `token`, by which the run's lock is held, its owner; `lost` if the lock isn't held by it any more. */
  async take(id: string, token: string): Promise<'taken' | 'finished' | 'lost'> {
    const answer = await this.#redis.eval(TAKE, 2, lockKey(id), runKey(id), token, KEPT);
    if (answer === 'taken' || answer === 'finished' || answer === 'lost') return answer;
    throw new Error(`Redis answered ${answer}`);
  }

  async owns(id: string, token: string): Promise<boolean> {
    return (await this.#redis.hget(runKey(id), 'owner')) === token;
  }

  /** Where the run goes on, if it was begun. */
  async saved(id: string): Promise<SavedRun | undefined> {
    const [checkpoint, timing] = await this.#redis.hmgetBuffer(runKey(id), 'checkpoint', 'timing');
    return checkpoint && timing ? { checkpoint, timing: timing.toString() } : undefined;
  }

  /**
   * Replaces the checkpoint; false if the run has another owner.
   *
   * @throws SizeError if it is too large
   */
  async save(id: string, token: string, { checkpoint, timing }: SavedRun): Promise<boolean> {
    checkSize('checkpoint', checkpoint);
    return (await this.#redis.eval(SAVE, 1, runKey(id), token, KEPT, checkpoint, timing)) === 1;
  }

  /**
   * Puts the result in the checkpoint's place; false if the run has another owner, or is finished.
   *
   * @throws SizeError if the weights are too large
   */
  async finish(id: string, token: string, { result, timing, weights }: FinishedRun): Promise<boolean> {
    checkSize('weights', weights);
    return (await this.#redis.eval(FINISH, 1, runKey(id), token, KEPT, weights, timing, result)) === 1;
  }

  async finished(id: string): Promise<FinishedRun | undefined> {
    const [result, timing, weights] = await this.#redis.hmgetBuffer(runKey(id), 'result', 'timing', 'weights');
    if (!result || !timing || !weights) return undefined;
    return { result: result.toString(), timing: timing.toString(), weights };
  }

  /** Forgets the run; its owner will find that it has it no more. */
  async forget(id: string, { afterSeconds = 0 } = {}): Promise<void> {
    if (afterSeconds > 0) await this.#redis.expire(runKey(id), afterSeconds);
    else await this.#redis.del(runKey(id));
  }
}

/** Also for whoever looks into Redis by hand. */
export function runKey(id: string): string {
  return `${QUEUE.prefix}:run:${id}`;
}

/** Where BullMQ keeps the token of whoever works on a job. */
function lockKey(id: string): string {
  return `${QUEUE.prefix}:${QUEUE.name}:${id}:lock`;
}

function checkSize(what: string, { length }: Buffer): void {
  if (length <= MOST_BYTES) return;
  const [size, most] = [length, MOST_BYTES].map((bytes) => Math.ceil(bytes / 2 ** 20));
  throw new SizeError(`its ${what} has ${size} MiB, and a queue takes at most ${most}; run this study without --queue`);
}
