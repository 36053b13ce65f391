/** @file All planted defects. */
import { gpu } from './gpu.js';
import { gradients, normalization } from './gradients.js';
import type { Mutant } from './mutant.js';
import { publishedSoftPool } from './publishedSoftPool.js';
import { checkpoints, data, optimizers } from './training.js';
import { threading, wasm } from './wasm.js';
import { windows } from './windows.js';

/** By where they are planted. */
export const mutantGroups: Readonly<Record<string, readonly Mutant[]>> = {
  'SoftPool, as published and as we might': publishedSoftPool,
  'Windows and convolutions': windows,
  'Graph and gradients': gradients,
  'Batch normalisation': normalization,
  'Optimisers and schedules': optimizers,
  Checkpoints: checkpoints,
  'Data and files': data,
  'WebAssembly kernels': wasm,
  Threads: threading,
  'GPU kernels': gpu,
};

export const mutants: readonly Mutant[] = Object.values(mutantGroups).flat();
