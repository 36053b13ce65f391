/**
 * @file Brings a data set into its folder.
 */
import { access, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../usageError.js';
import type { DatasetSource } from './datasetSources.js';
import { type DownloadOptions, download } from './download.js';
import { fileFault, type KnownFile } from './fileFault.js';
import { unpack } from './unpack.js';

export interface FetchOptions extends Omit<DownloadOptions, 'onProgress'> {
  /** Called with the bytes that are there, of all files together. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Called with the name of a file that is there but isn't what it should be, and what is wrong with it. */
  readonly onDamaged?: ((name: string, fault: string) => void) | undefined;
}

/**
 * Downloads, checks and unpacks what is missing in `folder` or damaged: of another size, or where a checksum is known, with another
 * one. What is good stays.
 *
 * @returns whether there was anything to do
 * @throws DownloadError that names the address and what is wrong
 */
export async function fetchDataset(
  source: DatasetSource,
  folder: string,
  { onProgress, onDamaged, ...options }: FetchOptions = {},
): Promise<boolean> {
  const wanted = await lacking(folder, source.members, onDamaged);
  if (wanted.length === 0) return false;
  await makeFolder(folder);
  let before = 0;
  for (const file of source.files) {
    const target = path.join(folder, file.name);
    const isMember = source.members.some(({ name }) => name === file.name);
    const isLacking = isMember ? wanted.includes(file.name) : (await lacking(folder, [file], onDamaged)).length > 0;
    if (isLacking) {
      await download(new URL(file.name, source.address).href, file, target, {
        ...options,
        onProgress: (bytes) => onProgress?.(before + bytes),
      });
    }
    before += file.bytes;
    onProgress?.(before);
    if (!isMember) {
      await unpack(target, wanted, folder);
      await rm(target);
    }
  }
  return true;
}

/** The names of those files that are missing or damaged. */
async function lacking(
  folder: string,
  files: readonly KnownFile[],
  onDamaged: FetchOptions['onDamaged'],
): Promise<string[]> {
  const names: string[] = [];
  for (const file of files) {
    const target = path.join(folder, file.name);
    const fault = await fileFault(target, file);
    if (fault === undefined) continue;
    names.push(file.name);
    if (await exists(target)) onDamaged?.(file.name, fault);
  }
  return names;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${folder} can't be made (${reason}); choose another place with --to`, { cause });
  }
}
