/**
 * @file Weights in files: safetensors with PyTorch's names, so that they travel both ways. `saveTraining` writes everything
 * that a training needs to go on; what it writes is read here, too.
 */

import { nodeFiles } from '../data/files.js';
import { loadSafetensors } from '../io/loadSafetensors.js';
import { parseSafetensors } from '../io/parseSafetensors.js';
import { saveSafetensors } from '../io/saveSafetensors.js';
import type { Module } from '../nn/module.js';
import type { LoadOptions, LoadResult } from '../nn/stateDict.js';
import { CHECKPOINT_FORMAT, OPTIMIZER_PREFIX, parseCheckpoint } from './checkpointFile.js';

/**
 * Writes all parameters and buffers of `model`; the file is either the old or the whole new one at every moment.
 *
 * @param metadata strings that are stored beside the weights
 */
export async function saveCheckpoint(
  path: string,
  model: Module,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const state = model.stateDict();
  try {
    await saveSafetensors(path, state, metadata);
  } finally {
    for (const tensor of Object.values(state)) tensor.dispose();
  }
}

/**
 * Reads weights into `model`, whatever its backend and dtype, from the file of `saveCheckpoint`, `saveTraining` or any other
 * program that writes safetensors. Either all of them fit or nothing changes.
 *
 * @throws FormatError or CheckpointError if the file is damaged; ArgumentError that names missing, unexpected and mis-shaped entries
 */
export async function loadCheckpoint(path: string, model: Module, options: LoadOptions = {}): Promise<LoadResult> {
  await checkWhole(path);
  const [first] = [...model.parameters(), ...model.buffers()];
  const state = await loadSafetensors(path, { backend: first?.backend, dtype: first?.dtype });
  try {
    const weights = Object.entries(state).filter(([name]) => !name.startsWith(OPTIMIZER_PREFIX));
    return model.loadStateDict(Object.fromEntries(weights), options);
  } finally {
    for (const tensor of Object.values(state)) tensor.dispose();
  }
}

/** Only the files of `saveTraining` have a checksum. Either key tells them, should the other be damaged. */
async function checkWhole(path: string): Promise<void> {
  const bytes = await nodeFiles('loadCheckpoint').readFile(path);
  const { format, sha256 } = parseSafetensors(bytes, path).metadata;
  if (format === CHECKPOINT_FORMAT || sha256 !== undefined) await parseCheckpoint(bytes, path);
}
