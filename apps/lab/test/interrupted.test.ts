import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readStudy } from '../src/study/studyFile.js';
import { temporaryFolder } from './support.js';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

test('Ctrl-C keeps the runs that are finished, says so and exits with 130', async () => {
  const folder = path.join(await temporaryFolder(), 'study');
  const words =
    'compare --model smallCnn --pools soft,max --limit 32 --test-limit 10 --batch-size 8 --epochs 1 --seeds 50';
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...words.split(' '), '--out', folder], {
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => {
    stdout += text;
  });
  child.stderr.on('data', (text: Buffer) => {
    stderr += text;
    // The fourth line is the end of the fourth run, so three are saved and the fifth is under way, at the latest.
    if (!child.killed && stderr.split('\n').length > 4) child.kill('SIGINT');
  });
  const [code] = await once(child, 'close');

  const study = await readStudy(folder);
  expect(study?.complete).toBe(false);
  expect(study?.runs.length).toBeGreaterThanOrEqual(3);
  expect(stdout).toContain(`Interrupted: ${study?.runs.length} of 100 runs are done.`);
  expect(stdout).toMatch(/^ {2}soft +\d/m);
  expect(stderr).not.toMatch(/Error| at /);
  expect(code).toBe(130);
});
