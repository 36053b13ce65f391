import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Generator } from 'softgrad';
import { expect, test } from 'vitest';
import { softgrad, temporaryFolder } from './support.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Kills in all; each costs the start of a process. */
const KILLS = process.env.SOFTGRAD_SLOW_TESTS ? 100 : 2;
/** Milliseconds that a study lives at most after its first sign of life. */
const LONGEST_LIFE = 1500;

const words =
  'compare --model smallCnn --pools soft,max --limit 48 --test-limit 20 --batch-size 8 --epochs 12 --seeds 2'.split(
    ' ',
  );

/** Runs the study and kills it, with all its processes, some time after its heading; tells whether it was done before. */
async function liveFor(milliseconds: number, folder: string, jobs: number): Promise<boolean> {
  const arguments_ = ['--import', 'tsx', 'apps/lab/src/main.ts', ...words, '--jobs', `${jobs}`, '--out', folder];
  // A group of its own, so that one signal reaches every process, as a power cut would.
  const child: ChildProcess = spawn(process.execPath, arguments_, {
    ...{ cwd: root, detached: true, stdio: ['ignore', 'pipe', 'ignore'] },
  });
  child.stdout?.once('data', () => {
    setTimeout(() => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    }, milliseconds);
  });
  const [code]: (number | null)[] = await once(child, 'close');
  return code === 0;
}

async function filesOf(folder: string): Promise<Record<string, string>> {
  const study = await readFile(path.join(folder, 'study.json'), 'utf8');
  const { runs }: { runs: { weights: string }[] } = JSON.parse(study);
  const weights = runs.map(async ({ weights: name }) => [name, await readFile(path.join(folder, name), 'base64')]);
  return { study, ...Object.fromEntries(await Promise.all(weights)) };
}

test.skipIf(process.platform === 'win32')(
  `a study that is killed at ${KILLS} random moments ends with the same study.json and weights, byte for byte`,
  async () => {
    const random = new Generator(`study kills ${process.env.SOFTGRAD_SEED ?? 1}`);
    const whole = await temporaryFolder();
    expect((await softgrad(...words, '--quiet', '--out', whole)).code).toBe(0);
    const expected = await filesOf(whole);
    let kills = 0;
    while (kills < KILLS) {
      const folder = await temporaryFolder();
      let done = false;
      while (!done) {
        // The last kill is followed by a life without end.
        const life = kills < KILLS ? random.uniform() * LONGEST_LIFE : 2 ** 30;
        done = await liveFor(life, folder, 1 + random.integer(2));
        if (!done) kills += 1;
      }
      expect(await filesOf(folder)).toEqual(expected);
    }
  },
  1_800_000,
);
