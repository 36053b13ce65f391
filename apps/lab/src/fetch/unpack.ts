/**
 * @file Takes known files out of a .tar.gz.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseTar } from 'nanotar';
import { writeFileAtomically } from 'softgrad/io';

/** More than any archive here holds; it bounds what a wrong one can make us allocate. */
const MAX_BYTES = 2 ** 28;

/**
 * Writes the members of those names, wherever they are in the archive, into `folder`. Nothing else is written, and nowhere else.
 *
 * @throws Error if the archive is damaged, or lacks one
 */
export async function unpack(archive: string, names: readonly string[], folder: string): Promise<void> {
  const found = new Map(await members(archive));
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`${archive} lacks ${missing.join(', ')}`);
  for (const name of names) {
    await writeFileAtomically('softgrad fetch', path.join(folder, name), found.get(name) ?? new Uint8Array());
  }
}

async function members(archive: string): Promise<[string, Uint8Array][]> {
  try {
    const bytes = await promisify(gunzip)(await readFile(archive), { maxOutputLength: MAX_BYTES });
    return parseTar(bytes).flatMap(({ name, type, data }) =>
      type === 'file' && data ? [[path.posix.basename(name), data] satisfies [string, Uint8Array]] : [],
    );
  } catch (cause) {
    throw new Error(`${archive} is no archive that can be read (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    });
  }
}
