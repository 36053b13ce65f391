/** @file What every data set looks like: flat samples, integer labels, and the names that go with them. */
import { ArgumentError } from '../errors.js';
import type { Normalization } from './normalization.js';

export type Split = 'train' | 'test';

export interface Dataset {
  readonly name: string;
  /** All samples, `[N, C, ...spatial]` flattened. Bytes stand for value / 255; floats are taken as they are. */
  readonly images: Uint8Array | Float32Array;
  /** `[N]`, each an index into `classes`. */
  readonly labels: Int32Array;
  /** The shape of one sample, `[C, ...spatial]`. */
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  /** The number of samples, N. */
  readonly length: number;
  /** Mean and standard deviation of each channel of the training data, where they are known. */
  readonly normalization?: Normalization;
}

/** The number of values in one sample. */
export function sampleSize(dataset: Pick<Dataset, 'shape'>): number {
  return dataset.shape.reduce((product, size) => product * size, 1);
}

/** The value of a `split` option; a caller without types may pass anything. */
export function checkSplit(operation: string, split: Split): Split {
  if (split !== 'train' && split !== 'test') {
    throw new ArgumentError(`${operation}: split is '${split}', but must be 'train' or 'test'`);
  }
  return split;
}

/**
 * Checks that a data set of the caller's own making is consistent, and returns it.
 *
 * @throws ArgumentError that names the field at fault
 */
export function checkDataset(dataset: Dataset): Dataset {
  const { name, images, labels, shape, classes, length } = dataset;
  if (!shape.length || !shape.every((size) => Number.isInteger(size) && size > 0)) {
    throw new ArgumentError(`dataset ${name}: shape is [${shape}], but must be [C, ...spatial] of positive integers`);
  }
  if (labels.length !== length) {
    throw new ArgumentError(`dataset ${name}: ${labels.length} labels for ${length} samples`);
  }
  if (images.length !== length * sampleSize(dataset)) {
    throw new ArgumentError(
      `dataset ${name}: images hold ${images.length} values, but ${length} samples of shape [${shape}] ` +
        `have ${length * sampleSize(dataset)}`,
    );
  }
  const stray = labels.findIndex((label) => label < 0 || label >= classes.length);
  if (stray >= 0) {
    throw new ArgumentError(
      `dataset ${name}: label ${labels[stray]} of sample ${stray} is outside 0 … ${classes.length - 1}`,
    );
  }
  return dataset;
}
