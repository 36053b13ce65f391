/** @file MNIST, and every set in the same files: handwritten digits, 1×28×28, 60,000 for training and 10,000 to test. */
import { FormatError } from '../errors.js';
import { checkSplit, type Dataset, type Split } from './dataset.js';
import { findFile, readFile } from './files.js';
import { parseIdx } from './parseIdx.js';

const CLASSES = Array.from({ length: 10 }, (_, digit) => String(digit));

/** Of the 60,000 training images, by `computeNormalization`. */
export const MNIST_NORMALIZATION = { mean: [0.1307], std: [0.3081] } as const;

/**
 * Reads MNIST's official IDX files, gzipped or not, from `directory` (or its subfolder `MNIST/raw`, as torchvision has it).
 *
 * @returns images `[N, 1, 28, 28]` as bytes
 * @throws ArgumentError if a file is missing, FormatError if one is damaged
 */
export async function mnist(directory: string, options: { split: Split }): Promise<Dataset> {
  const prefix = checkSplit('mnist', options.split) === 'train' ? 'train' : 't10k';
  const find = (kind: 'images-idx3' | 'labels-idx1'): Promise<string> =>
    findFile(
      'mnist',
      directory,
      ['', 'MNIST/raw'],
      [`${prefix}-${kind}-ubyte`, `${prefix}-${kind.replace('-', '.')}-ubyte`],
    );
  // One after the other, so that of two missing or damaged files the first is always the one that is named.
  const imagesPath = await find('images-idx3');
  const labelsPath = await find('labels-idx1');
  const imageBytes = await readFile('mnist', imagesPath);
  const labelBytes = await readFile('mnist', labelsPath);
  return parseMnist(imageBytes, labelBytes, imagesPath, labelsPath);
}

/**
 * Reads MNIST from the bytes of its two uncompressed files.
 *
 * @param imagesFile name of the images' file, for errors
 * @param labelsFile name of the labels' file, for errors
 */
export function parseMnist(
  imageBytes: Uint8Array,
  labelBytes: Uint8Array,
  imagesFile = 'images',
  labelsFile = 'labels',
): Dataset {
  const images = parseIdx(imageBytes, imagesFile);
  const labels = parseIdx(labelBytes, labelsFile);
  if (!(images.data instanceof Uint8Array) || images.shape.length !== 3) {
    throw new FormatError(imagesFile, 2, 'expected unsigned bytes of rank 3 (magic number 0x00000803)');
  }
  if (!(labels.data instanceof Uint8Array) || labels.shape.length !== 1) {
    throw new FormatError(labelsFile, 2, 'expected unsigned bytes of rank 1 (magic number 0x00000801)');
  }
  const [count = 0, height = 0, width = 0] = images.shape;
  if (count === 0 || height === 0 || width === 0) {
    throw new FormatError(imagesFile, 4, `expected at least one image, but the sizes are [${images.shape}]`);
  }
  if (labels.shape[0] !== count) {
    throw new FormatError(labelsFile, 4, `expected ${count} labels, one per image, but found ${labels.shape[0]}`);
  }
  const stray = labels.data.findIndex((label) => label >= CLASSES.length);
  if (stray >= 0) {
    throw new FormatError(labelsFile, 8 + stray, `expected a label from 0 to 9, but found ${labels.data[stray]}`);
  }
  return {
    name: 'MNIST',
    images: images.data,
    labels: Int32Array.from(labels.data),
    shape: [1, height, width],
    classes: CLASSES,
    length: count,
    normalization: MNIST_NORMALIZATION,
  };
}
