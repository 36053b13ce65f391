/** @file Writing a file so that a crash at any moment leaves the old one or the new one, never half of either. */
import { nodeFiles } from '../data/files.js';

/**
 * Writes to a temporary file beside `path`, flushes it to the disk and renames it. If anything fails, the temporary file is
 * removed and the file at `path` is as it was.
 */
export async function writeFileAtomically(operation: string, path: string, bytes: Uint8Array): Promise<void> {
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
    await files.rename(temporary, path);
  } catch (cause) {
    await files.rm(temporary, { force: true }).catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : cause;
    throw new Error(`${operation}: could not write ${path} (${reason})`, { cause });
  }
  await flushDirectory(path, files);
}

/** Makes the rename itself durable. Some systems can't flush a directory; there the file system's own order must do. */
async function flushDirectory(path: string, files: ReturnType<typeof nodeFiles>): Promise<void> {
  const directory = await files.open(path.replace(/[^/\\]*$/, '') || '.', 'r').catch(() => undefined);
  await directory?.sync().catch(() => undefined);
  await directory?.close();
}
