/**
 * @file Everything that is fuzzed.
 */
import type { FuzzTarget } from '../fuzzTarget.js';
import { archives } from './archives.js';
import { checkpointBytes, trainingStates } from './checkpoints.js';
import { commandLine } from './commandLine.js';
import { configurations, studyFolders, weightsDescriptions } from './configurations.js';
import { cifar10, cifar100, gzip, idx, mnist } from './datasets.js';
import { onnxNames } from './onnx.js';
import { gif, jpeg, png, webp } from './pictures.js';
import { safetensorsBytes, safetensorsHeaders } from './safetensors.js';

export const targets: readonly FuzzTarget[] = [
  ...[safetensorsBytes, safetensorsHeaders, checkpointBytes, trainingStates],
  ...[cifar10, cifar100, idx, mnist, gzip, archives, png, jpeg, webp, gif],
  ...[configurations, weightsDescriptions, studyFolders, commandLine, onnxNames],
];
