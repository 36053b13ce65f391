import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compareThrough, filesOf, has, localFiles, study, until, workElsewhere, workHere } from './queueStudies.js';
import { isRedisMissing, RedisServer, redisNote } from './redisServer.js';

/** Whether some run has a checkpoint in Redis. */
async function isSaved(redis: Redis): Promise<boolean> {
  for (const key of await redis.keys('softgrad:run:*')) if (await redis.hexists(key, 'checkpoint')) return true;
  return false;
}

describe.skipIf(isRedisMissing)(`a study whose workers end in the middle of a run${redisNote}`, () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  beforeEach(() => server.client.flushall());
  afterAll(() => server.stop());

  test('by kill -9: another goes on from the checkpoint, and the files are those of one machine', async () => {
    const [heard, said]: string[][] = [[], []];
    const comparing = compareThrough(server.url, heard!);
    const doomed = workElsewhere(server.url);
    await until(() => isSaved(server.client));
    doomed.child.kill('SIGKILL');
    await doomed.ended;
    await workHere(server.url, said!);
    expect(await filesOf(await comparing)).toEqual(await localFiles());
    expect(has(doomed.said, /finished/)).toBe(false);
    expect(has(said!, /^soft, seed 1 .* goes on from step [1-9]/)).toBe(true);
    expect(said!.filter((line) => line.endsWith('finished'))).toHaveLength(study.pools.length);
  });

  test('by SIGTERM: it exits with 0 and gives the run back, which goes on from the checkpoint', async () => {
    const [heard, said]: string[][] = [[], []];
    const comparing = compareThrough(server.url, heard!);
    const polite = workElsewhere(server.url);
    await until(() => isSaved(server.client));
    polite.child.kill('SIGTERM');
    expect(await polite.ended).toBe(0);
    expect(polite.said.at(-1)).toMatch(/^soft, seed 1 .*: saved and given back$/);
    expect(await server.client.llen('softgrad:runs:wait')).toBe(study.pools.length);
    await workHere(server.url, said!);
    expect(await filesOf(await comparing)).toEqual(await localFiles());
    expect(has(said!, /^soft, seed 1 .* goes on from step [1-9]/)).toBe(true);
  });

  test('by falling silent: what it sends later is rejected, and it works on', async () => {
    const [heard, said]: string[][] = [[], []];
    const comparing = compareThrough(server.url, heard!);
    const zombie = workElsewhere(server.url);
    await until(() => isSaved(server.client));
    zombie.child.kill('SIGSTOP');
    await workHere(server.url, said!);
    await until(() => has(said!, /^soft, seed 1 .* goes on from step [1-9]/));
    zombie.child.kill('SIGCONT');
    await until(() => has(zombie.said, /^soft, seed 1 .*: dropped/));
    expect(await filesOf(await comparing)).toEqual(await localFiles());
    const finished = [...said!, ...zombie.said].filter((line) => line.endsWith('finished'));
    expect(finished).toHaveLength(study.pools.length);
    zombie.child.kill('SIGTERM');
    expect(await zombie.ended).toBe(0);
  });
});
