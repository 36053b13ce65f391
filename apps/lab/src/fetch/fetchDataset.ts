/**
 * @file Brings a data set into its folder.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../usageError.js';
import { hasAll } from './dataCache.js';
import type { DatasetSource } from './datasetSources.js';
import { type DownloadOptions, download } from './download.js';
import { unpack } from './unpack.js';

export interface FetchOptions extends Omit<DownloadOptions, 'onProgress'> {
  /** Called with the bytes that are there, of all files together. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Downloads, checks and unpacks what is missing in `folder`.
 *
 * @returns whether anything was missing
 * @throws DownloadError that names the address and what is wrong
 */
export async function fetchDataset(
  source: DatasetSource,
  folder: string,
  { onProgress, ...options }: FetchOptions = {},
): Promise<boolean> {
  if (await hasAll(folder, source.members)) return false;
  await makeFolder(folder);
  let before = 0;
  for (const file of source.files) {
    const target = path.join(folder, file.name);
    if (!(await hasAll(folder, [file.name]))) {
      await download(new URL(file.name, source.address).href, file, target, {
        ...options,
        onProgress: (bytes) => onProgress?.(before + bytes),
      });
    }
    before += file.bytes;
    onProgress?.(before);
    if (!source.members.includes(file.name)) {
      await unpack(target, source.members, folder);
      await rm(target);
    }
  }
  return true;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${folder} can't be made (${reason}); choose another place with --to`, { cause });
  }
}
