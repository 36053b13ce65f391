/**
 * @file `study.json`: written whole or not at all, and checked when read.
 */
import { access, constants, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../usageError.js';
import { type Study, type StudySettings, study } from './study.js';

export const STUDY_FILE = 'study.json';

/**
 * Writes the study into `folder`. If that fails, the file that was there stays as it was.
 *
 * @throws Error that names the file and what stood in the way
 */
export async function writeStudy(folder: string, value: Study): Promise<void> {
  const target = path.join(folder, STUDY_FILE);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new Error(`could not write ${target} (${reason(cause)}); what was there before is unchanged`, { cause });
  }
}

/**
 * The study in `folder`, if there is one.
 *
 * @throws UsageError if there is something that isn't a study
 */
export async function readStudy(folder: string): Promise<Study | undefined> {
  const file = path.join(folder, STUDY_FILE);
  try {
    return study.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new UsageError(`${file} is not a study of this version; move it away, or choose another --out`, { cause });
  }
}

/**
 * Makes sure that results can be written to `folder`, and replace nothing of value: no study, or one with the same settings,
 * which is made anew.
 *
 * @returns how many finished runs the study there has
 * @throws UsageError if the folder can't be used, or holds another study and `force` is not given
 */
export async function prepareFolder(folder: string, settings: StudySettings, force: boolean): Promise<number> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new UsageError(`--out ${folder} must be a folder that can be written to (${reason(cause)})`, { cause });
  }
  if (force) return 0;
  const existing = await readStudy(folder);
  if (existing && !isDeepStrictEqual(existing.settings, settings)) {
    const file = path.join(folder, STUDY_FILE);
    throw new UsageError(`${file} has other settings; choose another --out, or replace it with --force`);
  }
  return existing?.runs.length ?? 0;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
