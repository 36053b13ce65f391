/**
 * @file The connection to a queue's Redis: a clear error at the start, patience afterwards.
 */
import { Redis } from 'ioredis';
import type { QueueAddress } from './queueAddress.js';

/** The longest pause between two attempts to connect again, in milliseconds. */
const LONGEST_PAUSE = 5000;

/**
 * Connects. Whoever has a connection keeps it: when Redis goes away, commands wait until it is back, and `say` is told of both.
 *
 * @throws Error that names the address, without its password, and the reason if Redis can't be reached now
 */
export async function connectQueue({ title, connection }: QueueAddress, say: (line: string) => void): Promise<Redis> {
  const redis = new Redis({
    ...connection,
    ...{ lazyConnect: true, maxRetriesPerRequest: null },
    retryStrategy: (times) => Math.min(250 * times, LONGEST_PAUSE),
  });
  let reason: Error | undefined;
  redis.on('error', (error: Error) => {
    reason = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (cause) {
    redis.disconnect();
    const error = reason ?? (cause instanceof Error ? cause : new Error(String(cause)));
    throw new Error(`can't use the queue at ${title}: ${explanation(error)}`, { cause });
  }
  announceOutages(redis, title, say, () => reason);
  return redis;
}

function announceOutages(
  redis: Redis,
  title: string,
  say: (line: string) => void,
  reason: () => Error | undefined,
): void {
  let isLost = false;
  redis.on('close', () => {
    // ioredis tells the reason, if it knows any, after this.
    setImmediate(() => {
      if (isLost || redis.status === 'end') return;
      isLost = true;
      const known = reason();
      say(`lost the connection to ${title}${known ? ` (${explanation(known)})` : ''}; trying again until it is back`);
    });
  });
  redis.on('ready', () => {
    if (isLost) say(`${title} is back`);
    isLost = false;
  });
}

/** What Redis or the network said; connection errors of several addresses have no message of their own. */
function explanation(error: Error): string {
  const { message } = error;
  if (/^(NOAUTH|WRONGPASS|ERR AUTH|NOPERM)/.test(message)) {
    return `${message}; give the user in --queue and the password in SOFTGRAD_QUEUE_PASSWORD`;
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === 'ECONNREFUSED') return 'nothing listens there (ECONNREFUSED); is Redis running?';
  return message || code || 'no answer';
}
