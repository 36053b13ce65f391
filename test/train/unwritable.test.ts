import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fit } from '../../src/train/index.js';
import { type Plan, setUp, train } from '../support/resumableTraining.js';

const script = fileURLToPath(new URL('../support/resumableTraining.ts', import.meta.url));
const plan: Plan = { everySteps: 1 };
const asRoot = process.getuid?.() === 0;
const windows = process.platform === 'win32';
/** Root may write anywhere, unless it gives that up. */
const humble = ['setpriv', '--inh-caps=-all', '--bounding-set=-all'];
const canBeHumble = !asRoot || spawnSync(humble[0]!, [...humble.slice(1), 'true']).status === 0;

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'softgrad-unwritable-'));
  path = join(folder, 'run.safetensors');
  const { model, options } = setUp(plan);
  await fit(model, { ...options, checkpoint: { path }, callbacks: { onStep: ({ step }) => step === 6 && 'stop' } });
});
afterEach(async () => {
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true });
});

/** Resumes the training in a process that `prefix` restricts; it must fail with `reason` and leave everything as it was. */
async function expectFailure(prefix: readonly string[], reason: RegExp): Promise<void> {
  const [names, before] = [await readdir(folder), await readFile(path)];
  const command = [...prefix, process.execPath, '--import', 'tsx', script, path, JSON.stringify(plan)];
  const env = { ...process.env, TSX_DISABLE_CACHE: '1' };
  const { status, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8', env });
  expect(stderr).toMatch(reason);
  expect(status).toBe(1);
  expect(await readdir(folder)).toEqual(names);
  expect((await readFile(path)).equals(before)).toBe(true);
  await chmod(folder, 0o755);
  expect(await train(plan, path)).toEqual(await train(plan));
}

// The limit on the size of files has the effect of a disk that is full after so many KiB.
test.skipIf(windows)('a full disk: the reason is told, and the last checkpoint can be resumed from', async () => {
  await expectFailure(
    ['bash', '-c', 'ulimit -f 4 && exec "$@"', 'bash'],
    /could not write .* \(E(FBIG|NOSPC).*unchanged/,
  );
});

test.skipIf(windows || !canBeHumble)(
  'a folder that became read-only: the reason is told, and the last checkpoint can be resumed from',
  async () => {
    await chmod(folder, 0o555);
    await expectFailure(asRoot ? humble : [], /could not write .* \((EACCES|EPERM|EROFS).*unchanged/);
  },
);
