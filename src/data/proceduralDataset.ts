/**
 * @file What the procedural data sets have in common: classes in turn, and samples that follow from seed, split and index.
 */
import { ArgumentError } from '../errors.js';
import { Generator, type Seed } from '../tensor/generator.js';
import { checkSplit, type Dataset, type Split, sampleSize } from './dataset.js';

export interface ProceduralOptions {
  readonly split: Split;
  /** How many samples, default 4,000 for training and 1,000 to test. Fewer are a prefix of more. */
  readonly count?: number | undefined;
  /** Default 0. */
  readonly seed?: Seed | undefined;
}

/** What is particular to one data set. */
export interface ProceduralDefinition<T extends Dataset['images']>
  extends Pick<Dataset, 'name' | 'shape' | 'classes' | 'normalization'> {
  /** Room for so many values. */
  readonly allocate: (length: number) => T;
  /** Draws one sample of class `label` into `target`. */
  readonly draw: (target: T, label: number, generator: Generator) => void;
}

const DEFAULT_COUNT: Readonly<Record<Split, number>> = { train: 4000, test: 1000 };
const MOST_VALUES = 2 ** 31;

/**
 * A data set that is drawn when its samples are first looked at. Sample i is of class i modulo the number of classes.
 *
 * @throws ArgumentError if split or count is out of range
 */
export function proceduralDataset<T extends Dataset['images']>(
  definition: ProceduralDefinition<T>,
  options: ProceduralOptions,
): Dataset {
  const { allocate, draw, ...description } = definition;
  const { name, classes } = description;
  const split = checkSplit(name, options.split);
  const { count = DEFAULT_COUNT[split], seed = 0 } = options;
  const size = sampleSize(definition);
  if (!Number.isInteger(count) || count < 1 || count * size > MOST_VALUES) {
    throw new ArgumentError(`${name}: count is ${count}, but must be a positive integer, at most 2^31 values in all`);
  }
  const generator = new Generator(seed).fork(`${name} ${split}`);
  const labels = Int32Array.from({ length: count }, (_, index) => index % classes.length);
  let images: T | undefined;
  return {
    ...description,
    labels,
    length: count,
    get images() {
      if (images) return images;
      images = allocate(count * size);
      for (let index = 0; index < count; index++) {
        const target = images.subarray(index * size, (index + 1) * size) as T;
        draw(target, labels[index]!, generator.fork(`sample ${index}`));
      }
      return images;
    },
  };
}
