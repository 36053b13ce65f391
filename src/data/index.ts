/**
 * @file Data sets, augmentation and batches: the entry point `softgrad/data`.
 */
import '../backends.js';

export { FormatError } from '../errors.js';
export { CIFAR10_NORMALIZATION, cifar10, parseCifar10 } from './cifar10.js';
export { CIFAR100_NORMALIZATION, type Cifar100Labels, cifar100, parseCifar100 } from './cifar100.js';
export { CLIPS_NORMALIZATION, type ClipsOptions, clips } from './clips.js';
export { cutout } from './cutout.js';
export { type Batch, type BatchOrder, DataLoader, type DataLoaderOptions } from './dataLoader.js';
export { checkDataset, type Dataset, type Split } from './dataset.js';
export { gunzip } from './gunzip.js';
export { MNIST_NORMALIZATION, mnist, parseMnist } from './mnist.js';
export { computeNormalization, type Normalization } from './normalization.js';
export { type IdxData, parseIdx } from './parseIdx.js';
export type { ProceduralOptions } from './proceduralDataset.js';
export { randomCrop } from './randomCrop.js';
export { randomGain } from './randomGain.js';
export { randomHorizontalFlip } from './randomHorizontalFlip.js';
export { randomNoise } from './randomNoise.js';
export { SHAPES_NORMALIZATION, type ShapesOptions, shapes } from './shapes.js';
export { subset, take } from './subset.js';
export type { Transform } from './transform.js';
export { WAVEFORMS_NORMALIZATION, type WaveformsOptions, waveforms } from './waveforms.js';
