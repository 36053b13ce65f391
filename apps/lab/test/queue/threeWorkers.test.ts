import path from 'node:path';
import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { softgrad, temporaryFolder } from '../support.js';
import { filesOf, has, until, type WorkerProcess, workElsewhere } from './queueStudies.js';
import { isRedisMissing, RedisServer, redisNote } from './redisServer.js';

const options = '--limit 320 --test-limit 100 --batch-size 16 --epochs 15 --quiet';
const words = `compare --model smallCnn --pools soft,max,avg --seeds 2 ${options}`.split(' ');
const patience = '--takeover 5 --save-every 2'.split(' ');

/** Whether the first run that a worker took has a checkpoint in Redis. */
async function hasSaved({ said }: WorkerProcess, redis: Redis): Promise<boolean> {
  const [, pool, seed] = said.map((line) => /^(\w+), seed (\d+) .*: taken$/.exec(line)).find(Boolean) ?? [];
  const [key = ''] = await redis.keys(`softgrad:run:${pool}-seed${seed}-*`);
  return (await redis.hexists(key, 'checkpoint')) === 1;
}

// A minute or two; docs/scaling.md has the figures that it prints.
test.skipIf(isRedisMissing || !process.env.SOFTGRAD_SLOW_TESTS)(
  `a study of six runs on three workers, one of which is killed in the middle: the files are those of one process${redisNote}`,
  async () => {
    const server = await RedisServer.start();
    const folder = await temporaryFolder();
    const [here, there] = [path.join(folder, 'here'), path.join(folder, 'there')] as const;
    const times = [performance.now()];
    const mark = (): void => void times.push(performance.now());
    try {
      expect((await softgrad(...words, '--out', here)).code).toBe(0);
      mark();
      const comparing = softgrad(...words, '--out', there, '--queue', server.url);
      const doomed = workElsewhere(server.url, ...patience);
      const others = [0, 1].map(() => workElsewhere(server.url, ...patience));
      const said = (): string[] => others.flatMap((worker) => worker.said);
      await until(() => hasSaved(doomed, server.client));
      doomed.child.kill('SIGKILL');
      mark();
      await until(() => has(said(), /goes on from step [1-9]/));
      mark();
      const { code, stdout } = await comparing;
      mark();
      expect([code, has(doomed.said, /finished$/)]).toEqual([0, false]);
      expect(stdout).toContain('soft');
      expect(await filesOf(there)).toEqual(await filesOf(here));
      const [alone, untilKill, takeover, rest] = times
        .slice(1)
        .map((time, i) => ((time - times[i]!) / 1000).toFixed(1));
      const line = said().find((text) => text.includes('goes on from step'));
      console.log(
        `one process ${alone} s; three workers ${untilKill} s until one was killed, ${takeover} s until "${line}", ${rest} s to the end`,
      );
    } finally {
      await server.stop();
    }
  },
  600_000,
);
