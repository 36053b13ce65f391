/**
 * @file Everything that is fuzzed.
 */
import type { FuzzTarget } from '../fuzzTarget.js';
import { checkpointBytes, trainingStates } from './checkpoints.js';
import { cifar10, cifar100, gzip, idx, mnist } from './datasets.js';
import { safetensorsBytes, safetensorsHeaders } from './safetensors.js';

export const targets: readonly FuzzTarget[] = [
  ...[safetensorsBytes, safetensorsHeaders, checkpointBytes, trainingStates],
  ...[cifar10, cifar100, idx, mnist, gzip],
];
