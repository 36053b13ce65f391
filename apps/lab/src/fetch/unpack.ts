/**
 * @file Takes known files out of a .tar.gz.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseTar } from 'nanotar';
import { FormatError, gunzip } from 'softgrad/data';
import { writeFileAtomically } from 'softgrad/io';

/** More than any archive here holds; it bounds what a wrong one can make us allocate. */
const MAX_BYTES = 2 ** 28;

/**
 * Writes the members of those names, wherever they are in the archive, into `folder`. Nothing else is written, and nowhere else.
 *
 * @throws FormatError if the archive is damaged, decompresses to more than `maxBytes`, or lacks one
 */
export async function unpack(
  archive: string,
  names: readonly string[],
  folder: string,
  maxBytes = MAX_BYTES,
): Promise<void> {
  const found = new Map(await members(archive, maxBytes));
  if (found.size === 0) throw new FormatError(archive, 0, 'expected a gzipped tar archive');
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) throw new FormatError(archive, 0, `the archive lacks ${missing.join(', ')}`);
  for (const name of names) {
    await writeFileAtomically('softgrad fetch', path.join(folder, name), found.get(name) ?? new Uint8Array());
  }
}

async function members(archive: string, maxBytes: number): Promise<[string, Uint8Array][]> {
  const bytes = await gunzip(await readFile(archive), archive, maxBytes);
  try {
    // The parser reads the whole buffer that it is given.
    return parseTar(bytes.slice().buffer).flatMap(({ name, type, data }) =>
      type === 'file' && data ? [[path.posix.basename(name), data] satisfies [string, Uint8Array]] : [],
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(archive, 0, `expected a gzipped tar archive (${reason})`);
  }
}
