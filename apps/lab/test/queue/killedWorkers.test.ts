import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  compareThrough,
  filesOf,
  has,
  isSaved,
  localFiles,
  study,
  until,
  workElsewhere,
  workHere,
} from './queueStudies.js';
import { isRedisMissing, RedisServer, redisNote } from './redisServer.js';

describe.skipIf(isRedisMissing)(
  `a study whose worker ends in the middle of a run${redisNote}`,
  () => {
    let server: RedisServer;

    beforeAll(async () => {
      server = await RedisServer.start();
    });
    beforeEach(() => server.client.flushall());
    afterAll(() => server.stop());

    const finished = (...said: string[][]): number => said.flat().filter((line) => line.endsWith('finished')).length;

    test('by kill -9: another goes on from the checkpoint, and the files are those of one machine', async () => {
      const [heard, said]: string[][] = [[], []];
      const comparing = compareThrough(server.url, heard!);
      const doomed = workElsewhere(server.url);
      await until(() => isSaved(server.client));
      doomed.child.kill('SIGKILL');
      await doomed.ended;
      await workHere(server.url, said!);
      expect(await filesOf(await comparing)).toEqual(await localFiles());
      expect(has(said!, /^soft, seed 1 .* goes on from step [1-9]/)).toBe(true);
      expect([finished(doomed.said), finished(said!)]).toEqual([0, study.pools.length]);
    });

    test('by falling silent: what it sends later is rejected, and it works on until SIGTERM, with status 0', async () => {
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
      expect(finished(said!, zombie.said)).toBe(study.pools.length);
      zombie.child.kill('SIGTERM');
      expect(await zombie.ended).toBe(0);
    });

    test('by its end: it gives the run back with all that is done of it', async () => {
      const [heard, before, after]: string[][] = [[], [], []];
      const comparing = compareThrough(server.url, heard!);
      const worker = await workHere(server.url, before!);
      await until(() => isSaved(server.client));
      await worker.close();
      expect(before!.at(-1)).toMatch(/^soft, seed 1 .*: saved and given back$/);
      expect(await server.client.llen('softgrad:runs:wait')).toBe(study.pools.length);
      await workHere(server.url, after!);
      expect(await filesOf(await comparing)).toEqual(await localFiles());
      expect(has(after!, /^soft, seed 1 .* goes on from step [1-9]/)).toBe(true);
    });
  },
  180_000,
);
