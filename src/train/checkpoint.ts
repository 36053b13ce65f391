/**
 * @file Weights in files: safetensors with PyTorch's names, so that they travel both ways.
 */
import { loadSafetensors } from '../io/loadSafetensors.js';
import { saveSafetensors } from '../io/saveSafetensors.js';
import type { Module } from '../nn/module.js';
import type { LoadOptions, LoadResult } from '../nn/stateDict.js';

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
 * Reads weights into `model`, whatever its backend and dtype. Either all of them fit or nothing changes.
 *
 * @throws FormatError if the file is damaged; ArgumentError that names missing, unexpected and mis-shaped entries
 */
export async function loadCheckpoint(path: string, model: Module, options: LoadOptions = {}): Promise<LoadResult> {
  const [first] = [...model.parameters(), ...model.buffers()];
  const state = await loadSafetensors(path, { backend: first?.backend, dtype: first?.dtype });
  try {
    return model.loadStateDict(state, options);
  } finally {
    for (const tensor of Object.values(state)) tensor.dispose();
  }
}
