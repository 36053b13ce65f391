import { expect, test } from 'vitest';
import { StudyFolder } from '../../src/study/studyFolder.js';
import { compareThrough, has, until } from './queueStudies.js';
import { isRedisMissing, RedisServer, redisNote } from './redisServer.js';

test.skipIf(isRedisMissing)(
  `a study that is interrupted while its Redis is away ends all the same${redisNote}`,
  async () => {
    const server = await RedisServer.start();
    const controller = new AbortController();
    const heard: string[] = [];
    const comparing = compareThrough(server.url, heard, { hooks: { signal: controller.signal } });
    await until(async () => (await server.client.llen('softgrad:runs:wait')) === 2);
    await server.kill();
    await until(() => has(heard, /^lost the connection/));
    controller.abort();
    expect(await new StudyFolder(await comparing).study()).toBeUndefined();
    await server.stop();
  },
);
