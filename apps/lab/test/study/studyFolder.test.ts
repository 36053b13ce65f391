import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { STUDY_FILE } from '../../src/study/study.js';
import { StudyFolder } from '../../src/study/studyFolder.js';
import { UsageError } from '../../src/usageError.js';
import { version } from '../../src/version.js';
import { studyOf, temporaryFolder } from '../support.js';

const { study: made, timing } = studyOf({ soft: [0.1, 0.2], max: [0.3, 0.4] });
const study = { ...made, softgrad: version };
const { settings, arithmetic } = study;

/** A folder with a study in it. */
async function withStudy(): Promise<StudyFolder> {
  const folder = new StudyFolder(await temporaryFolder());
  await folder.write(study, timing);
  return folder;
}

describe('a study’s files', () => {
  test('are read as they were written, and nothing else lies beside them', async () => {
    const folder = await withStudy();
    expect(await folder.study()).toEqual(study);
    expect(await folder.timing()).toEqual(timing);
    expect((await readdir(folder.folder)).sort()).toEqual(['study.json', 'timing.json']);
  });

  test('that can’t be written leave everything as it was', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, STUDY_FILE, 'in the way'), { recursive: true });
    await expect(new StudyFolder(folder).write(study, timing)).rejects.toThrow(/could not write .*study\.json/);
    expect(await readdir(path.join(folder, STUDY_FILE))).toEqual(['in the way']);
  });

  test('no file is no study', async () => {
    expect(await new StudyFolder(await temporaryFolder()).study()).toBeUndefined();
  });

  test.each([
    ['not JSON', '{'],
    ['another format', '{"format":"something"}'],
    ['another version', JSON.stringify({ ...study, version: 3 })],
    ['a run without epochs', JSON.stringify({ ...study, runs: [{ ...study.runs[0], epochs: [] }] })],
    ['a pooling given twice', JSON.stringify({ ...study, settings: { ...settings, pools: ['soft', 'soft'] } })],
    [
      'more seeds than anybody trains',
      JSON.stringify({ ...study, settings: { ...settings, seeds: [...Array(10_001).keys()] } }),
    ],
    [
      'a pooling that would be a folder elsewhere',
      JSON.stringify({ ...study, settings: { ...settings, pools: ['soft', 'max', '../../elsewhere'] } }),
    ],
  ])('%s is refused, and stays', async (_, text) => {
    const folder = new StudyFolder(await temporaryFolder());
    const file = path.join(folder.folder, STUDY_FILE);
    await writeFile(file, text);
    await expect(folder.study()).rejects.toThrow(UsageError);
    await expect(folder.open(settings, arithmetic, false)).rejects.toThrow(/is not a study.*move it away/);
    expect(await readFile(file, 'utf8')).toBe(text);
  });
});

test('what is wrong in a file is told by its place, in short', async () => {
  const folder = new StudyFolder(await temporaryFolder());
  const complaintAbout = async (text: string): Promise<string> => {
    await writeFile(path.join(folder.folder, STUDY_FILE), text);
    return String(await folder.study().catch((error: unknown) => error));
  };
  const wrong = { ...study, runs: [study.runs[0], { ...study.runs[1], test: { ...study.runs[1]?.test, loss: null } }] };
  expect(await complaintAbout(JSON.stringify(wrong))).toMatch(
    /study\.json is not a study of this version \(runs\.1\.test\.loss: Invalid input: expected number, received null\); move/,
  );
  expect(await complaintAbout('{"format": ?')).toMatch(/study\.json is not a study .*position 11|'\?'/);
  expect((await complaintAbout(`{"format": "${'x'.repeat(10_000)}`)).length).toBeLessThan(600);
});

describe('opening a folder', () => {
  test('makes it, with those above it', async () => {
    const folder = path.join(await temporaryFolder(), 'a', 'b');
    expect(await new StudyFolder(folder).open(settings, arithmetic, false)).toEqual(settings);
    expect(await readdir(folder)).toEqual([]);
  });

  test('poolings and seeds may be added; those that are there stay', async () => {
    const folder = await withStudy();
    const more = { ...settings, pools: ['avg', 'max'], seeds: [1, 7] };
    const joined = await folder.open(more, arithmetic, false);
    expect(joined).toEqual({ ...settings, pools: ['soft', 'max', 'avg'], seeds: [0, 1, 7] });
  });

  test('the baseline changes only where it was asked for', async () => {
    const folder = await withStudy();
    const other = { ...settings, baseline: 'soft' };
    expect((await folder.open(other, arithmetic, false)).baseline).toBe('max');
    expect((await folder.open(other, arithmetic, true)).baseline).toBe('soft');
  });
});

describe('a folder is refused', () => {
  test('with another recipe, by what differs, and the study stays', async () => {
    const folder = await withStudy();
    const other = folder.open({ ...settings, lr: 0.2, augment: [], limit: 5 }, arithmetic, false);
    await expect(other).rejects.toThrow(UsageError);
    await expect(other).rejects.toThrow(
      /other settings \(lr 0.1 there, 0.2 here; augment crop,flip there, none here; limit not given there, 5 here\).*--force/,
    );
    expect(await folder.study()).toEqual(study);
  });

  test('with other arithmetic', async () => {
    const folder = await withStudy();
    await expect(folder.open(settings, 'wasm simd+fma', false)).rejects.toThrow(
      /computed with wasm simd, and wasm simd\+fma would round otherwise; choose --backend and --variant/,
    );
  });

  test('of another softgrad', async () => {
    const folder = await withStudy();
    await folder.write({ ...study, softgrad: '0.0.1' }, timing);
    await expect(folder.open(settings, arithmetic, false)).rejects.toThrow(
      /computed by softgrad 0\.0\.1, and this one, \d+\.\d+\.\d+, may compute otherwise; use the same, or choose another --out/,
    );
  });

  test('where a file is, as a mistake in --out', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(new StudyFolder(file).open(settings, arithmetic, false)).rejects.toThrow(/^--out /);
  });
});

describe('the baseline', () => {
  test('may be one of the study there', async () => {
    const joined = await (await withStudy()).open({ ...settings, pools: ['avg'], baseline: 'max' }, arithmetic, true);
    expect(joined).toMatchObject({ pools: ['soft', 'max', 'avg'], baseline: 'max' });
  });

  test('must be one of them', async () => {
    const folder = new StudyFolder(await temporaryFolder());
    const opening = folder.open({ ...settings, pools: ['avg'], baseline: 'max' }, arithmetic, true);
    await expect(opening).rejects.toThrow('--baseline max is not among the --pools; allowed: avg');
  });
});

test('clearing a folder removes the study and its runs, and nothing else', async () => {
  const folder = await withStudy();
  for (const name of ['runs/soft-seed0', 'runs/mine', 'other']) {
    await mkdir(path.join(folder.folder, name), { recursive: true });
  }
  await folder.clear();
  expect((await readdir(folder.folder, { recursive: true })).sort()).toEqual(['other', 'runs', 'runs/mine']);
});
