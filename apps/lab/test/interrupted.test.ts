import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { StudyFolder } from '../src/study/studyFolder.js';
import { type Finished, softgrad, temporaryFolder } from './support.js';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const tiny = 'compare --model smallCnn --pools soft,max --limit 32 --test-limit 10 --batch-size 8 --epochs 1'.split(
  ' ',
);

/** Runs `softgrad …words` and presses Ctrl-C when `lines` lines of progress have been printed. */
async function interruptedAfter(lines: number, words: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...words], {
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    // A group of its own, as a shell makes it: the terminal's Ctrl-C reaches every process of it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  let isInterrupted = false;
  child.stdout.on('data', (text: Buffer) => {
    stdout += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    stderr += text;
    if (isInterrupted || stderr.split('\n').length <= lines || child.pid === undefined) return;
    isInterrupted = true;
    process.kill(-child.pid, 'SIGINT');
  });
  const [code]: (number | null)[] = await once(child, 'close');
  return { code: code ?? null, stdout, stderr };
}

test.each([1, 2])('Ctrl-C keeps the runs that are finished, says so and exits with 130: --jobs %d', async (jobs) => {
  const folder = path.join(await temporaryFolder(), 'study');
  const words = [...tiny, '--seeds', '12', '--jobs', `${jobs}`, '--out', folder];
  const { code, stdout, stderr } = await interruptedAfter(4, words);
  const study = await new StudyFolder(folder).study();
  expect(study?.complete).toBe(false);
  // The fourth line is printed just before the fourth run is saved, and each process may have told of one that it isn't yet done with.
  expect(study?.runs.length).toBeGreaterThanOrEqual(4 - jobs);
  expect(stdout).toContain(`${study?.runs.length} of 24 runs are done.`);
  expect(stdout).toContain('Interrupted and saved; the same command goes on from here.');
  expect(stdout).toMatch(/^ {2}soft +\d/m);
  expect(stderr).not.toMatch(/Error| at /);
  expect(code).toBe(130);

  const again = await softgrad(...words);
  expect(again.stdout).toContain(`${study?.runs.length} of 24 runs from before`);
  expect(again.code).toBe(0);
});

test('Ctrl-C saves a training, says how to go on, and exits with 130', async () => {
  const folder = path.join(await temporaryFolder(), 'run');
  const words = 'train --model smallCnn --limit 32 --test-limit 10 --batch-size 8 --epochs 200'.split(' ');
  const { code, stdout, stderr } = await interruptedAfter(3, [...words, '--out', folder]);
  expect(stdout).toContain(`Interrupted and saved; softgrad train --resume --out ${folder} goes on from here.`);
  expect(stderr).not.toMatch(/Error| at /);
  expect(code).toBe(130);
  const tested = await softgrad('evaluate', folder, '--json');
  expect(JSON.parse(tested.stdout)).toMatchObject({ model: 'smallCnn', pool: 'soft', images: 10 });
});
