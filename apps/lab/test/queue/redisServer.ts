/**
 * @file A Redis of a test's own: Debian's redis-server on a free port of this machine alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

const places = [process.env.SOFTGRAD_REDIS, '/usr/bin/redis-server', '/usr/local/bin/redis-server'];
const program = places.find((place) => place !== undefined && existsSync(place));

/** Tests that need a Redis are skipped without one, unless it is required. */
export const isRedisMissing = program === undefined && process.env.SOFTGRAD_REQUIRE_REDIS !== '1';

/** In the name of tests that are skipped. */
export const redisNote = isRedisMissing
  ? ', with redis-server, which is not installed: apt-get install redis-server'
  : '';

export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #arguments: readonly string[];
  #process: ChildProcess | undefined;
  #client: Redis | undefined;

  private constructor(port: number, folder: string, words: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#arguments = [...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''], ...words];
  }

  /** @param words more of its options; nothing is kept on the disk by default */
  static async start(...words: string[]): Promise<RedisServer> {
    if (program === undefined) throw new Error('redis-server is not installed');
    const folder = await mkdtemp(path.join(os.tmpdir(), 'softgrad-redis-'));
    const server = new RedisServer(await freePort(), folder, words);
    await server.resume();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** A connection for looking at what is there. */
  get client(): Redis {
    this.#client ??= new Redis({ port: this.port, maxRetriesPerRequest: null, retryStrategy: () => 50 }).on(
      'error',
      () => {},
    );
    return this.#client;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
    this.#process = undefined;
  }

  /** Starts it in its folder, and waits until it answers. */
  async resume(): Promise<void> {
    this.#process = spawn(program ?? '', this.#arguments, { stdio: 'ignore' });
    const probe = new Redis({ port: this.port, maxRetriesPerRequest: null, retryStrategy: () => 50 });
    probe.on('error', () => {});
    // While it loads, it answers with an error.
    while (!(await probe.ping().catch(() => undefined))) await sleep(20);
    probe.disconnect();
  }

  async stop(): Promise<void> {
    this.#client?.disconnect();
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
