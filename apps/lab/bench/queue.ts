/**
 * @file `npm run bench:queue`: how much a queue takes, with a real Redis on this machine and runs that train nothing.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { RedisServer } from '../test/queue/redisServer.js';
import { memoryPerRun, repeatedCosts, spent } from './queueCosts.js';
import { drain, type Effort, enqueue, LARGE, runJobs, SMALL } from './queueLoad.js';
import { simulate } from './queueSimulation.js';

const usage = `usage: npm run bench:queue -- [options]
  --runs N      in the queue each time (default 1000)
  --rounds N    of which the median is told (default 5)`;
const WORKERS = [1, 2, 4, 8];
const CROWDS = [10, 100, 1000];
const SECONDS = 30;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else await measure(count('runs', values.runs), count('rounds', values.rounds));

async function measure(runs: number, rounds: number): Promise<void> {
  const server = await RedisServer.start();
  try {
    const version = /redis_version:(\S+)/.exec(await server.client.info('server'))?.[1];
    console.log(
      `Redis ${version} and ${runs} runs, median of ${rounds} rounds; ${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} processors\n`,
    );
    await measureThroughput(server, runs, rounds);
    await measureCosts(server, runs);
    await measureMemory(server, runs);
    await measureCrowds(server);
  } finally {
    await server.stop();
  }
}

/** The processes of workers, of the study and of Redis share the machine: its share of the time tells how far Redis is from its end. */
async function measureThroughput(server: RedisServer, runs: number, rounds: number): Promise<void> {
  const [times, jobs] = [new Map<string, Round[]>(), runJobs(runs)];
  for (let round = 0; round < rounds; round++) {
    for (const effort of ['bare', SMALL] satisfies Effort[]) {
      for (const workers of WORKERS) {
        await server.client.flushall();
        note(times, 'put into the queue', runs, await timed(server, () => enqueue(server.url, jobs)));
        const title = `${effort === 'bare' ? 'taken and completed' : 'checkpoint, news, result'}, ${workers} workers`;
        note(times, title, runs, await timed(server, () => drain(server.url, runs, workers, effort)));
      }
    }
  }
  console.log('| load | runs/s | Redis µs/run | Redis busy |\n|---|--:|--:|--:|');
  for (const [title, measured] of times) {
    const cells = [middle(measured, 'perSecond').toFixed(0), middle(measured, 'microseconds').toFixed(0)];
    console.log(`| ${title} | ${cells.join(' | ')} | ${(100 * middle(measured, 'share')).toFixed(0)} % |`);
  }
}

async function measureCosts(server: RedisServer, times: number): Promise<void> {
  console.log('\n| each time | Redis µs | bytes to Redis | bytes from it |\n|---|--:|--:|--:|');
  for (const { name, microseconds, received, sent } of await repeatedCosts(server, times)) {
    console.log(`| ${name} | ${[microseconds, received, sent].map(whole).join(' | ')} |`);
  }
}

async function measureMemory(server: RedisServer, runs: number): Promise<void> {
  console.log('\n| in the memory of Redis, per run | bytes |\n|---|--:|');
  for (const [state, bytes] of Object.entries(await memoryPerRun(server, runs))) {
    console.log(`| ${state} | ${whole(bytes)} |`);
  }
}

/** Of what a crowd of workers asks, without their training. */
async function measureCrowds(server: RedisServer): Promise<void> {
  console.log(`\n| workers, over ${SECONDS} s | Redis busy | kB/s to Redis | kB/s from it | done in time |`);
  console.log('|---|--:|--:|--:|--:|');
  for (const network of [SMALL, LARGE]) {
    for (const workers of CROWDS) {
      const { busy, received, sent, kept } = await simulate(server, workers, network, SECONDS);
      const cells = [`${(100 * busy).toFixed(1)} %`, whole(received / 1000), whole(sent / 1000)];
      console.log(`| ${whole(workers)} on ${network.name} | ${cells.join(' | ')} | ${(100 * kept).toFixed(0)} % |`);
    }
  }
}

interface Round {
  readonly perSecond: number;
  readonly microseconds: number;
  readonly share: number;
}

interface Timed {
  readonly seconds: number;
  readonly processor: number;
}

/** What `body` costs Redis beside the seconds that it returns. */
async function timed({ client }: RedisServer, body: () => Promise<number>): Promise<Timed> {
  const before = await spent(client);
  const seconds = await body();
  return { seconds, processor: (await spent(client)).seconds - before.seconds };
}

function note(times: Map<string, Round[]>, title: string, runs: number, { seconds, processor }: Timed): void {
  const round = { perSecond: runs / seconds, microseconds: (1e6 * processor) / runs, share: processor / seconds };
  times.set(title, [...(times.get(title) ?? []), round]);
}

function middle(rounds: readonly Round[], key: keyof Round): number {
  const sorted = rounds.map((round) => round[key]).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`bench:queue: --${option} must be a positive whole number, got ${text}`);
  return process.exit(2);
}
