/** @file CIFAR-10 (Krizhevsky, 2009): 32×32 colour images of ten classes, 50,000 for training and 10,000 to test. */

import { parseCifarRecords, readCifarFiles } from './cifarRecords.js';
import { checkSplit, type Dataset, type Split } from './dataset.js';

const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'] as const;

const FILES: Readonly<Record<Split, readonly string[]>> = {
  train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  test: ['test_batch.bin'],
};

/** Of the 50,000 original training images: the figures in general use. */
export const CIFAR10_NORMALIZATION = { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] } as const;

/**
 * Reads CIFAR-10's official binary version, gzipped or not, from `directory` or its subfolder `cifar-10-batches-bin`.
 *
 * @returns images `[N, 3, 32, 32]` as bytes
 * @throws ArgumentError if a file is missing, FormatError if one is damaged
 */
export async function cifar10(directory: string, options: { split: Split }): Promise<Dataset> {
  const names = FILES[checkSplit('cifar10', options.split)];
  return readCifarFiles('cifar10', directory, 'cifar-10-batches-bin', names, parseCifar10);
}

/**
 * Reads one CIFAR-10 file: records of a label byte and 3 × 1024 pixel bytes.
 *
 * @param file the name that errors give
 */
export function parseCifar10(bytes: Uint8Array, file = 'CIFAR-10 data'): Dataset {
  return {
    name: 'CIFAR-10',
    ...parseCifarRecords(bytes, file, [{ what: 'label', classes: CLASSES }], 0),
    normalization: CIFAR10_NORMALIZATION,
  };
}
