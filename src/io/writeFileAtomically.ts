/** @file Writing a file so that a crash at any moment leaves the old one or the new one, never half of either. */
import { nodeFiles } from '../data/files.js';

export interface AtomicWriteOptions {
  /** Where the file that was at `path` is kept; what was kept there before goes. Default: it isn't. */
  readonly previous?: string | undefined;
}

type Files = ReturnType<typeof nodeFiles>;

/**
 * Writes to a temporary file beside `path`, flushes it to the disk and renames it. If anything fails, the temporary file is
 * removed and the file at `path` is as it was. A process that is killed may leave `<path>.<uuid>.tmp` behind.
 *
 * @throws Error that names the path and the reason: a full disk, a folder that can't be written to
 */
export async function writeFileAtomically(
  operation: string,
  path: string,
  bytes: Uint8Array,
  { previous }: AtomicWriteOptions = {},
): Promise<void> {
  const files = nodeFiles(operation);
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await files.open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    if (previous !== undefined) await keepAs(previous, path, files);
    await files.rename(temporary, path);
  } catch (cause) {
    await files.rm(temporary, { force: true }).catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : cause;
    throw new Error(`${operation}: could not write ${path} (${reason}); what was there before is unchanged`, { cause });
  }
  await flushDirectory(path, files);
}

/** Gives the file at `path` a second name, so that there is a whole file at `path` at every moment. */
async function keepAs(previous: string, path: string, files: Files): Promise<void> {
  const temporary = `${previous}.${crypto.randomUUID()}.tmp`;
  const missing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
  try {
    // Not every file system has hard links.
    await files.link(path, temporary).catch(async (error: unknown) => {
      if (missing(error)) throw error;
      await files.copyFile(path, temporary);
    });
    await files.rename(temporary, previous);
  } catch (error) {
    await files.rm(temporary, { force: true }).catch(() => undefined);
    if (!missing(error)) throw error;
  }
}

/** Makes the rename itself durable. Some systems can't flush a directory; there the file system's own order must do. */
async function flushDirectory(path: string, files: Files): Promise<void> {
  const directory = await files.open(path.replace(/[^/\\]*$/, '') || '.', 'r').catch(() => undefined);
  await directory?.sync().catch(() => undefined);
  await directory?.close();
}
