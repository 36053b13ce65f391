/**
 * @file JSON files that are written whole or not at all, and checked when read.
 */
import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from 'softgrad/io';
import type { z } from 'zod';
import { UsageError } from '../usageError.js';

const LONGEST_REASON = 300;
/** The second where a folder above it is a file. */
const NO_SUCH_FILE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR']);

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
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && NO_SUCH_FILE.has(cause.code)) return undefined;
    throw notThat(file, what, reasonOf(cause), cause);
  }
  return parseJson(text, file, schema, what);
}

/**
 * What the text of a file says.
 *
 * @throws UsageError that names the file, and the place of the first thing in it that is wrong
 */
export function parseJson<T>(text: string, file: string, schema: z.ZodType<T>, what: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw notThat(file, what, reasonOf(cause), cause);
  }
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  throw notThat(file, what, [issue?.path.join('.'), issue?.message].filter(Boolean).join(': '), error);
}

function notThat(file: string, what: string, reason: string, cause: unknown): UsageError {
  const short = reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;
  const message = `${file} is not ${what} of this version (${short}); move it away`;
  return new UsageError(message, { cause });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
