/**
 * @file JSON files that are written whole or not at all, and checked when read.
 */
import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from 'softgrad/io';
import type { z } from 'zod';
import { UsageError } from '../usageError.js';

/** Writes `value`; if that fails, the file that was there stays as it was. */
export async function writeJson(file: string, value: object): Promise<void> {
  await writeFileAtomically('softgrad', file, Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
}

/**
 * What the file holds, if there is one.
 *
 * @param what it should be, for the error: `a study`
 * @throws UsageError if it holds something else
 */
export async function readJson<T>(file: string, schema: z.ZodType<T>, what: string): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new UsageError(`${file} is not ${what} of this version; move it away, or choose another --out`, { cause });
  }
}
