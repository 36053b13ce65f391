/**
 * @file `study.json`: written whole or not at all, and checked when read.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../usageError.js';
import { type Study, type StudySettings, study } from './study.js';

export const STUDY_FILE = 'study.json';

/** Writes the study into `folder`, which is made if need be. */
export async function writeStudy(folder: string, value: Study): Promise<void> {
  const target = path.join(folder, STUDY_FILE);
  const temporary = `${target}.${process.pid}.tmp`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, target);
}

/**
 * The study in `folder`, if there is one.
 *
 * @throws UsageError if there is a file that isn't a study
 */
export async function readStudy(folder: string): Promise<Study | undefined> {
  const file = path.join(folder, STUDY_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return study.parse(JSON.parse(text));
  } catch (error) {
    throw new UsageError(`${file} is not a study of this version; move it away or choose another --out`, {
      cause: error,
    });
  }
}

/**
 * Makes sure that results can be written to `folder` and replace nothing of value: no study, or an earlier one with the same
 * settings, which is made anew.
 *
 * @throws UsageError otherwise
 */
export async function prepareFolder(folder: string, settings: StudySettings, force: boolean): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`--out ${folder} can't be used: ${error instanceof Error ? error.message : error}`);
  }
  if (force) return;
  const existing = await readStudy(folder);
  if (existing && JSON.stringify(existing.settings) !== JSON.stringify(settings)) {
    throw new UsageError(
      `${path.join(folder, STUDY_FILE)} holds a study with other settings; choose another --out, or --force to replace it`,
    );
  }
}
