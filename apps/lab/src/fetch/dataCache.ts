/**
 * @file Where fetched data sets lie: the user's cache folder, or the one that SOFTGRAD_DATA names.
 */
import { access } from 'node:fs/promises';
import path from 'node:path';
import envPaths from 'env-paths';
import { DATASET_SOURCES, type FetchedName } from './datasetSources.js';

/** The folder of a data set, whether there is anything in it or not. */
export function cacheFolder(name: FetchedName): string {
  return path.join(process.env.SOFTGRAD_DATA || envPaths('softgrad', { suffix: '' }).cache, name);
}

/** The folder of a data set, if all its files are there. */
export async function cachedDataset(name: FetchedName): Promise<string | undefined> {
  const folder = cacheFolder(name);
  try {
    await Promise.all(DATASET_SOURCES[name].members.map((member) => access(path.join(folder, member.name))));
    return folder;
  } catch {
    return undefined;
  }
}
