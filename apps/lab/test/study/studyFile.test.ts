import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { prepareFolder, readStudy, STUDY_FILE, writeStudy } from '../../src/study/studyFile.js';
import { UsageError } from '../../src/usageError.js';
import { studyOf, temporaryFolder } from '../support.js';

const study = studyOf({ soft: [0.1, 0.2], max: [0.3, 1 / 3] });

test('a study is read as it was written, and nothing else lies beside it', async () => {
  const folder = await temporaryFolder();
  await writeStudy(folder, study);
  expect(await readStudy(folder)).toEqual(study);
  expect(await readdir(folder)).toEqual([STUDY_FILE]);
});

test('a later study takes the place of an earlier one', async () => {
  const folder = await temporaryFolder();
  await writeStudy(folder, { ...study, runs: [], complete: false });
  await writeStudy(folder, study);
  expect(await readStudy(folder)).toEqual(study);
});

test('a study that can’t be written leaves everything as it was', async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, STUDY_FILE, 'in the way'), { recursive: true });
  await expect(writeStudy(folder, study)).rejects.toThrow(/^could not write .*study\.json \(.*\).*unchanged$/);
  expect(await readdir(folder)).toEqual([STUDY_FILE]);
});

test('no file is no study', async () => {
  expect(await readStudy(await temporaryFolder())).toBeUndefined();
});

test.each([
  ['not JSON', '{'],
  ['another format', '{"format":"something"}'],
  ['another version', JSON.stringify({ ...study, version: 2 })],
  ['a run without epochs', JSON.stringify({ ...study, runs: [{ ...study.runs[0], epochs: [] }] })],
])('%s is refused, and stays', async (_, text) => {
  const folder = await temporaryFolder();
  const file = path.join(folder, STUDY_FILE);
  await writeFile(file, text);
  await expect(readStudy(folder)).rejects.toThrow(UsageError);
  await expect(prepareFolder(folder, study.settings, false)).rejects.toThrow(/is not a study.*--out/);
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('a folder is made, with those above it', async () => {
  const folder = path.join(await temporaryFolder(), 'a', 'b');
  await prepareFolder(folder, study.settings, false);
  expect(await readdir(folder)).toEqual([]);
});

test('other settings are not replaced, unless by force; the same ones may be', async () => {
  const folder = await temporaryFolder();
  await writeStudy(folder, study);
  const others = { ...study.settings, lr: 0.2 };
  await expect(prepareFolder(folder, others, false)).rejects.toThrow(UsageError);
  await expect(prepareFolder(folder, others, false)).rejects.toThrow(/other settings.*--out.*--force/);
  await prepareFolder(folder, others, true);
  expect(await prepareFolder(folder, study.settings, false)).toBe(study.runs.length);
  expect(await readStudy(folder)).toEqual(study);
});

test('a file in the place of the folder is a mistake in --out', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  await expect(prepareFolder(file, study.settings, false)).rejects.toThrow(/^--out /);
});
