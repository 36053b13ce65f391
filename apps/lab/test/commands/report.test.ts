import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { reportCommand } from '../../src/commands/report.js';
import { explainMistakes } from '../../src/mistakes.js';
import { StudyFolder } from '../../src/study/studyFolder.js';
import { UsageError } from '../../src/usageError.js';
import { softgrad, studyOf, temporaryFolder } from '../support.js';

/** What the command says of `words`, in this process. */
function mistakeIn(...words: string[]): Promise<unknown> {
  const command = reportCommand();
  explainMistakes(command);
  return command.parseAsync(words, { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function studyFolder(): Promise<string> {
  const folder = new StudyFolder(await temporaryFolder());
  const { study, timing } = studyOf({ soft: [0.5, undefined], max: [0.6, 0.7] });
  await folder.write(study, timing);
  return folder.folder;
}

/** The folder of a study that was killed in its first run. */
async function begunStudy(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'runs', 'soft-seed0'), { recursive: true });
  return folder;
}

test('report writes both files beside study.json, and says of how many runs, and what it can’t show', async () => {
  const folder = await studyFolder();
  const { code, stdout, stderr } = await softgrad('report', path.join(folder, 'study.json'));
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^softgrad: the report doesn’t show the test samples: those of shapes at hand aren’t/);
  expect(lines[1]).toMatch(/^softgrad: the report doesn’t show the inside of soft, seed 0: .*weights\.safetensors/);
  expect(code).toBe(0);
  expect(stdout).toContain(`${path.join(folder, 'report.html')} and report.md, of 3 of 4 runs`);
  expect((await readdir(folder)).sort()).toEqual(['report.html', 'report.md', 'study.json', 'timing.json']);
  const page = await readFile(path.join(folder, 'report.html'), 'utf8');
  expect([page.startsWith('<!doctype html>'), page.endsWith('</html>\n')]).toEqual([true, true]);
});

test.each([
  ['without a folder', async () => [], 'folder'],
  ['of a study without a finished run', async () => [await begunStudy()], 'is finished yet; repeat softgrad compare'],
  ['of a folder that holds no study', async () => [await temporaryFolder()], 'has no study.json'],
])('%s, report says what is missing', async (_, words, said) => {
  const mistake = await mistakeIn(...(await words()));
  expect(mistake).toBeInstanceOf(UsageError);
  expect(String(mistake)).toContain(said);
});

test('a study without its times says which file is missing', async () => {
  const folder = await studyFolder();
  await rm(path.join(folder, 'timing.json'));
  expect(String(await mistakeIn(folder))).toContain('has no timing.json');
});

test('a report that can’t be written leaves the one that is there, and nothing half', async () => {
  const folder = await studyFolder();
  await mkdir(path.join(folder, 'report.html'));
  await writeFile(path.join(folder, 'report.html', 'in-the-way'), '');
  expect(String(await mistakeIn(folder))).toContain('report.html');
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});
