import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { shapes } from 'softgrad/data';
import { describe, expect, test } from 'vitest';
import { localRunner, type StudyRunner } from '../../src/study/runner.js';
import { type RunError, runStudy, StudyError, type StudyHooks } from '../../src/study/runStudy.js';
import type { StudySettings } from '../../src/study/settings.js';
import { StudyFolder } from '../../src/study/studyFolder.js';
import { settings, temporaryFolder } from '../support.js';

const data = { train: shapes({ split: 'train', count: 16 }), test: shapes({ split: 'test', count: 10 }) };
const pair: StudySettings = { ...settings, pools: ['soft', 'max'], seeds: [0, 1] };
const names = ['soft 0', 'max 0', 'soft 1', 'max 1'];

/** Runs a study in `folder`, and tells what it did. */
async function run(folder: string, changes: Partial<StudySettings> = {}, hooks: StudyHooks = {}, jobs = 1) {
  const did = { skipped: [] as string[], resumed: [] as string[], finished: [] as string[] };
  const runner: StudyRunner = { ...localRunner(data), jobs };
  const finished = await runStudy({ settings: { ...pair, ...changes } }, data, new StudyFolder(folder), runner, {
    ...hooks,
    onSkip: ({ pool, seed }) => void did.skipped.push(`${pool} ${seed}`),
    onResume: ({ pool, seed }) => void did.resumed.push(`${pool} ${seed}`),
    onResult: ({ pool, seed }) => void did.finished.push(`${pool} ${seed}`),
  });
  return { ...finished, ...did };
}

const bytes = (folder: string): Promise<string> => readFile(path.join(folder, 'study.json'), 'utf8');

describe('a study', () => {
  test('has a folder per run, a study.json that can be read, and is complete at the end', async () => {
    const folder = await temporaryFolder();
    const { study, timing, finished } = await run(folder);
    expect(finished).toEqual(names);
    expect(study.complete).toBe(true);
    expect(study.data).toMatchObject({ name: 'shapes', trainImages: 16, testImages: 10 });
    expect(await new StudyFolder(folder).study()).toEqual(study);
    expect(await new StudyFolder(folder).timing()).toEqual(timing);
    expect(await readdir(folder, { recursive: true })).toEqual(
      expect.arrayContaining(study.runs.map((r) => r.weights)),
    );
  });

  test('is the same bytes for two people, whatever the order and pieces they ran it in', async () => {
    const [one, other] = [await temporaryFolder(), await temporaryFolder()];
    await run(one);
    await run(other, { seeds: [1] });
    await rm(path.join(other, 'study.json'));
    await run(other, {}, {}, 2);
    expect(await bytes(other)).toBe(await bytes(one));
  });
});

describe('a study that is run again', () => {
  test('repeats no finished run', async () => {
    const folder = await temporaryFolder();
    await run(folder);
    const before = await bytes(folder);
    const again = await run(folder);
    expect(again).toMatchObject({ skipped: names, finished: [], resumed: [] });
    expect(await bytes(folder)).toBe(before);
  });

  test('goes on where it was interrupted, to the same bytes', async () => {
    const [whole, pieces] = [await temporaryFolder(), await temporaryFolder()];
    await run(whole);
    const controller = new AbortController();
    const interrupted = await run(
      pieces,
      {},
      {
        signal: controller.signal,
        onStep: ({ pool, seed }, { step }) => void (pool === 'max' && seed === 0 && step === 0 && controller.abort()),
      },
    );
    expect(interrupted.study.complete).toBe(false);
    expect(interrupted.finished).toEqual(['soft 0']);
    expect(await run(pieces)).toMatchObject({ skipped: ['soft 0'], resumed: ['max 0'], finished: names.slice(1) });
    expect(await bytes(pieces)).toBe(await bytes(whole));
  });
});

describe('a run that fails', () => {
  test('by a loss that is not finite names pooling, seed, step and layer', async () => {
    const folder = await temporaryFolder();
    const failure = run(folder, { lr: 1e30, schedule: 'constant', epochs: 2 });
    await expect(failure).rejects.toThrow(StudyError);
    await expect(failure).rejects.toThrow(/^soft, seed 0: .* at step \d.* (output|parameter|loss)/);
    await expect(failure).rejects.toThrow(/; max, seed 0 and soft, seed 1 and max, seed 1 failed, too$/);
  });

  test('stops no other, and is named with what is kept', async () => {
    const study = new StudyFolder(await temporaryFolder());
    const local = localRunner(data);
    const runner: StudyRunner = {
      ...local,
      run: (run, where, hooks) => (run.pool === 'max' ? Promise.reject(new Error('no')) : local.run(run, where, hooks)),
    };
    const seen: string[] = [];
    const onFailure = ({ message }: RunError): void => void seen.push(message);
    const failure = await runStudy({ settings: pair }, data, study, runner, { onFailure }).catch((error) => error);
    expect(failure).toBeInstanceOf(StudyError);
    expect(failure.message).toBe('max, seed 0: no; max, seed 1 failed, too; 2 finished runs are kept');
    expect(seen).toEqual(['max, seed 0: no', 'max, seed 1: no']);
    const kept = await study.study();
    expect(kept?.runs.map(({ pool, seed }) => `${pool} ${seed}`)).toEqual(['soft 0', 'soft 1']);
    expect(failure.finished.study).toEqual(kept);
  });

  test('where nothing can be written, the study ends', async () => {
    const study = new StudyFolder(await temporaryFolder());
    await mkdir(path.join(study.folder, 'study.json', 'in the way'), { recursive: true });
    const local = localRunner(data);
    let runs = 0;
    const run: StudyRunner['run'] = (...words) => {
      runs++;
      return local.run(...words);
    };
    await expect(runStudy({ settings: pair }, data, study, { ...local, run })).rejects.toThrow(
      /could not write .*study\.json/,
    );
    expect(runs).toBe(1);
  });
});
