/**
 * @file The data of a study.
 */
import {
  cifar10,
  cifar100,
  clips,
  type Dataset,
  FormatError,
  mnist,
  type Split,
  shapes,
  take,
  waveforms,
} from 'softgrad/data';
import * as nn from 'softgrad/nn';
import { cachedDataset } from '../fetch/dataCache.js';
import { UsageError } from '../usageError.js';
import type { StudySettings } from './settings.js';

export interface StudyData {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** How people write the names. */
export const DATA_TITLES: Record<StudySettings['data'], string> = {
  shapes: 'shapes',
  waveforms: 'waveforms',
  clips: 'clips',
  cifar10: 'CIFAR-10',
  cifar100: 'CIFAR-100',
  mnist: 'MNIST',
};

/** Data sets that are made, not read. */
const procedural = { shapes, waveforms, clips } as const;

/** How large they are when nobody asks for more. */
const PROCEDURAL_SIZE = { train: 4000, test: 1000 } as const;

/** A test of fewer images would say little: with 1,000 of them, the standard error of a share is at most 1.6 points. */
const LEAST_TEST_IMAGES = 1000;

const readers = { cifar10, cifar100, mnist } as const;

const sources: Record<keyof typeof readers, string> = {
  cifar10: 'the files of cifar-10-binary.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html',
  cifar100: 'the files of cifar-100-binary.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html',
  mnist: 'the four IDX files, gzipped or not, from https://yann.lecun.com/exdb/mnist',
};

/** The part of the settings that says which data, and what they are for. */
export interface DataSettings {
  readonly data: StudySettings['data'];
  readonly model?: StudySettings['model'] | undefined;
  readonly limit?: number | undefined;
  readonly testLimit?: number | undefined;
}

/**
 * Training and test images as the settings say. With limited training images the test set shrinks in proportion, but not below
 * 1,000 images, unless it has a limit of its own.
 *
 * @throws UsageError if files are needed and can't be read, or the model doesn't take such samples
 * @throws FormatError if a file isn't what it should be
 */
export async function loadStudyData(settings: DataSettings, folder: string | undefined): Promise<StudyData> {
  const { data, model } = settings;
  const loaded = isProcedural(data) ? generate(data, settings) : await read(data, settings, folder);
  const fitting = nn.models.modelNames(loaded.train.shape);
  if (model !== undefined && !fitting.includes(model)) {
    throw new UsageError(`--model ${model} doesn't take the samples of --data ${data}; allowed: ${fitting.join(', ')}`);
  }
  return loaded;
}

function isProcedural(data: StudySettings['data']): data is keyof typeof procedural {
  return data in procedural;
}

function generate(data: keyof typeof procedural, { limit, testLimit }: DataSettings): StudyData {
  const train = limit ?? PROCEDURAL_SIZE.train;
  const test = testLimit ?? testImages(train, PROCEDURAL_SIZE);
  return {
    train: procedural[data]({ split: 'train', count: train }),
    test: procedural[data]({ split: 'test', count: test }),
  };
}

async function read(
  data: keyof typeof readers,
  { limit, testLimit }: DataSettings,
  folder: string | undefined,
): Promise<StudyData> {
  const place = folder ?? (await cachedDataset(data));
  if (place === undefined) {
    throw new UsageError(`--data ${data} needs its files: softgrad fetch ${data}, or --data-dir with ${sources[data]}`);
  }
  const [train, test] = [await readSplit(data, place, 'train'), await readSplit(data, place, 'test')];
  const images = limit === undefined ? test.length : testImages(limit, { train: train.length, test: test.length });
  return { train: limited(train, limit ?? train.length), test: limited(test, testLimit ?? images) };
}

/** How many images to test with after training on `limit` of `all.train`. */
function testImages(limit: number, all: Readonly<Record<Split, number>>): number {
  return Math.max(LEAST_TEST_IMAGES, Math.ceil((all.test * limit) / all.train));
}

async function readSplit(data: keyof typeof readers, folder: string, split: Split): Promise<Dataset> {
  try {
    return await readers[data](folder, { split });
  } catch (error) {
    if (error instanceof FormatError || !(error instanceof Error)) throw error;
    throw new UsageError(`--data-dir ${folder}: ${error.message}; it must have ${sources[data]}`, { cause: error });
  }
}

/** At most `count` images: as many of each class as of any other, where there are enough. */
function limited(dataset: Dataset, count: number): Dataset {
  if (count >= dataset.length) return dataset;
  const sizes = new Array<number>(dataset.classes.length).fill(0);
  for (const label of dataset.labels) sizes[label] = (sizes[label] ?? 0) + 1;
  return take(dataset, count, { balanced: Math.ceil(count / sizes.length) <= Math.min(...sizes) });
}
