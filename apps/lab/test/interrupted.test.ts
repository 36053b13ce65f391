import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readStudy } from '../src/study/studyFile.js';
import { type Finished, softgrad, temporaryFolder } from './support.js';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const tiny = 'compare --model smallCnn --pools soft,max --limit 32 --test-limit 10 --batch-size 8 --epochs 1'.split(
  ' ',
);

/** Runs `softgrad …words` and presses Ctrl-C when `lines` lines of progress have been printed. */
async function interruptedAfter(lines: number, words: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...words], {
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => {
    stdout += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    stderr += text;
    if (!child.killed && stderr.split('\n').length > lines) child.kill('SIGINT');
  });
  const [code]: (number | null)[] = await once(child, 'close');
  return { code: code ?? null, stdout, stderr };
}

test('Ctrl-C keeps the runs that are finished, says so and exits with 130', async () => {
  const folder = path.join(await temporaryFolder(), 'study');
  const { code, stdout, stderr } = await interruptedAfter(4, [...tiny, '--seeds', '50', '--out', folder]);
  const study = await readStudy(folder);
  expect(study?.complete).toBe(false);
  // The fourth line is printed just before the fourth run is saved.
  expect(study?.runs.length).toBeGreaterThanOrEqual(3);
  expect(stdout).toContain(`Interrupted: ${study?.runs.length} of 100 runs are done.`);
  expect(stdout).toMatch(/^ {2}soft +\d/m);
  expect(stderr).not.toMatch(/Error| at /);
  expect(code).toBe(130);
});

test('an interrupted repetition leaves the finished study where it is', async () => {
  const folder = await temporaryFolder();
  const words = [...tiny, '--seeds', '8', '--out', folder];
  expect((await softgrad(...words)).code).toBe(0);
  const study = await readStudy(folder);
  const { code, stdout } = await interruptedAfter(1, words);
  expect(stdout).toContain('keeps the 16 runs that it had');
  expect(code).toBe(130);
  expect(await readStudy(folder)).toEqual(study);
});
