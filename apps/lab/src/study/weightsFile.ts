/**
 * @file Finds the weights that a person means.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../usageError.js';
import { CHECKPOINT_FILE, WEIGHTS_FILE } from './runFolder.js';

/** The file itself; of a folder the final weights, or the checkpoint if it isn't finished. */
export async function weightsFile(weights: string): Promise<string> {
  const isFolder = (await stat(weights).catch(() => undefined))?.isDirectory() ?? false;
  if (!isFolder) return weights;
  for (const name of [WEIGHTS_FILE, CHECKPOINT_FILE]) {
    const file = path.join(weights, name);
    if (await stat(file).catch(() => undefined)) return file;
  }
  throw new UsageError(
    `${weights} has neither ${WEIGHTS_FILE} nor ${CHECKPOINT_FILE}; name the folder of a run, or a file`,
  );
}
