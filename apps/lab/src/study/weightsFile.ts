/**
 * @file Finds the weights that a person means.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../usageError.js';
import { zooWeights } from '../zoo/zoo.js';
import { CHECKPOINT_FILE, WEIGHTS_FILE } from './runFolder.js';

/**
 * The file itself; of a folder the final weights, or the checkpoint if it isn't finished; of a trained network that comes with the
 * lab its weights. What lies where the words point comes first.
 *
 * @throws UsageError if a folder has no weights, or a word that can only be a name is none
 */
export async function weightsFile(weights: string): Promise<string> {
  const found = await stat(weights).catch(() => undefined);
  if (!found) return (await zooWeights(weights)) ?? missingFile(weights);
  if (!found.isDirectory()) return weights;
  for (const name of [WEIGHTS_FILE, CHECKPOINT_FILE]) {
    const file = path.join(weights, name);
    if (await stat(file).catch(() => undefined)) return file;
  }
  throw new UsageError(
    `${weights} has neither ${WEIGHTS_FILE} nor ${CHECKPOINT_FILE}; name the folder of a run, or a file`,
  );
}

/** A path may be read in vain, which explains itself; a lone word may be meant as a name. */
function missingFile(weights: string): string {
  if (weights.trim() === '') {
    throw new UsageError(
      'the name of the weights is empty; give a safetensors file, the folder of a run, or a name that softgrad models lists',
    );
  }
  if (/[\\/.]/.test(weights)) return weights;
  throw new UsageError(
    `there is no file, no folder and no trained network called ${weights}; softgrad models lists those`,
  );
}
