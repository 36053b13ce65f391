import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { shapes } from 'softgrad/data';
import { afterEach, describe, expect, test } from 'vitest';
import { RUN_PROGRAM } from '../../src/study/processPool.js';
import { ProcessRunner } from '../../src/study/processRunner.js';
import { RunFolder } from '../../src/study/runFolder.js';
import { type RunSettings, recipe } from '../../src/study/settings.js';
import { trainRun } from '../../src/study/trainRun.js';
import { settings, temporaryFolder } from '../support.js';

const run: RunSettings = { ...recipe.parse(settings), limit: 24, testLimit: 10, epochs: 6, pool: 'soft', seed: 1 };
const data = { train: shapes({ split: 'train', count: 24 }), test: shapes({ split: 'test', count: 10 }) };

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

/** A pool of processes that run the sources. */
function newRunner(): ProcessRunner {
  const start = (): ChildProcess => {
    const child = fork(RUN_PROGRAM, { execArgv: ['--import', 'tsx'], stdio: 'ignore' });
    children.push(child);
    return child;
  };
  return new ProcessRunner({ jobs: 2, dataDir: undefined, backend: {}, start });
}

const newFolder = async (): Promise<RunFolder> => new RunFolder(await temporaryFolder());

describe('a run in a process of its own', () => {
  test('ends as one in this process, and its process takes the next run, until one fails', async () => {
    const runner = newRunner();
    const steps: number[] = [];
    const result = await runner.run(run, await newFolder(), { onStep: ({ step }) => void steps.push(step) });
    expect(result).toEqual(await trainRun(run, data, await newFolder()));
    expect(steps).toEqual(Array.from({ length: 18 }, (_, i) => i));
    expect((await runner.run({ ...run, pool: 'max' }, await newFolder(), {}))?.pool).toBe('max');
    expect(children).toHaveLength(1);
    const failing = runner.run({ ...run, lr: 1e30, schedule: 'constant' }, await newFolder(), {});
    await expect(failing).rejects.toThrow(/^fit: the loss is .* at step \d+/);
    await once(children[0]!, 'exit');
    await runner.close();
  });

  test('is saved at the signal, and goes on; whose process is killed is named, and goes on, too', async () => {
    const runner = newRunner();
    const folder = await newFolder();
    const controller = new AbortController();
    const onStep = (): void => controller.abort();
    expect(await runner.run(run, folder, { onStep, signal: controller.signal })).toBeUndefined();
    const killed = runner.run(run, folder, { onStep: () => void children[0]?.kill('SIGKILL') });
    await expect(killed).rejects.toThrow('its process ended by SIGKILL; repeat the command to go on from its last');
    const resumed: number[] = [];
    const result = await runner.run(run, folder, { onResume: ({ steps }) => void resumed.push(steps) });
    expect(resumed[0]).toBeGreaterThan(0);
    expect(result).toEqual(await trainRun(run, data, await newFolder()));
    await runner.close();
  });
});
