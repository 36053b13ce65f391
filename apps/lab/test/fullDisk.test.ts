import { spawnSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { shapes } from 'softgrad/data';
import { expect, test } from 'vitest';
import { localRunner } from '../src/study/runner.js';
import { runStudy } from '../src/study/runStudy.js';
import type { StudySettings } from '../src/study/settings.js';
import { StudyFolder } from '../src/study/studyFolder.js';
import { root, settings, temporaryFolder } from './support.js';

const study: StudySettings = {
  ...{ ...settings, limit: 32, testLimit: 10, epochs: 3, pools: ['soft', 'max'], baseline: 'max', seeds: [0] },
};
const words =
  'compare --data shapes --model smallCnn --pools soft,max --limit 32 --test-limit 10 --batch-size 8 --epochs 3';

/** A disk of its own for `$1/disk`, on which the second run has no room for a third checkpoint; what was written is kept. */
const script = `
  mount -t tmpfs -o size=640k none "$1/disk" && shift &&
  "$@"; status=$?; cp -r "$FOLDER/disk/study" "$FOLDER/kept"; exit $status`;
const isForbidden = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status !== 0;

test.skipIf(isForbidden)(
  'a disk that is full ends a study with the reason; what it has is kept, and goes on',
  async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'disk'));
    const command = [process.execPath, '--import', 'tsx', 'apps/lab/src/main.ts', ...words.split(' ')];
    const { status, stderr } = spawnSync(
      'unshare',
      ['-m', 'bash', '-c', script, 'bash', folder, ...command, '--quiet', '--out', path.join(folder, 'disk/study')],
      { cwd: root, encoding: 'utf8', env: { ...process.env, FOLDER: folder } },
    );
    expect(stderr).toMatch(
      /^softgrad: max, seed 0: saveTraining: could not write .*\.safetensors \(ENOSPC.*unchanged; 1 finished run is kept\n$/,
    );
    expect(status).toBe(1);

    const data = { train: shapes({ split: 'train', count: 32 }), test: shapes({ split: 'test', count: 10 }) };
    const resumed: number[] = [];
    const textOf = async (where: string): Promise<string> => {
      const hooks = { onResume: (_: object, { steps }: { readonly steps: number }) => void resumed.push(steps) };
      await runStudy({ settings: study }, data, new StudyFolder(where), localRunner(data), hooks);
      return readFile(path.join(where, 'study.json'), 'utf8');
    };
    expect(await textOf(path.join(folder, 'kept'))).toBe(await textOf(path.join(folder, 'anew')));
    // Two epochs of four steps are in the last checkpoint that had room.
    expect(resumed).toEqual([8]);
  },
);
