/** @file Parts of a data set. */
import { ArgumentError } from '../errors.js';
import { type Dataset, sampleSize } from './dataset.js';

/** The samples at `indices`, in that order, as a data set of their own. */
export function subset(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const size = sampleSize(dataset);
  const images =
    dataset.images instanceof Uint8Array
      ? new Uint8Array(indices.length * size)
      : new Float32Array(indices.length * size);
  const labels = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!Number.isInteger(index) || index < 0 || index >= dataset.length) {
      throw new ArgumentError(`subset: index ${index} is outside ${dataset.name}'s 0 … ${dataset.length - 1}`);
    }
    images.set(dataset.images.subarray(index * size, (index + 1) * size), i * size);
    labels[i] = dataset.labels[index]!;
  }
  return { ...dataset, images, labels, length: indices.length };
}

/**
 * The first `count` samples. With `balanced`, the first ones of each class, so that class sizes differ by at most one
 * (the lower classes have one more); they stay in the data set's order.
 *
 * @throws ArgumentError if there are fewer samples, in all or of some class
 */
export function take(dataset: Dataset, count: number, options: { balanced?: boolean } = {}): Dataset {
  if (!Number.isInteger(count) || count < 0 || count > dataset.length) {
    throw new ArgumentError(`take: count is ${count}, but ${dataset.name} has ${dataset.length} samples`);
  }
  if (options.balanced) return subset(dataset, balancedIndices(dataset, count));
  // Views: a prefix of the samples needs no copy.
  return {
    ...dataset,
    images: dataset.images.subarray(0, count * sampleSize(dataset)),
    labels: dataset.labels.subarray(0, count),
    length: count,
  };
}

function balancedIndices(dataset: Dataset, count: number): number[] {
  const classes = dataset.classes.length;
  const wanted = Array.from({ length: classes }, (_, label) => Math.ceil((count - label) / classes));
  const indices: number[] = [];
  for (let index = 0; index < dataset.length && indices.length < count; index++) {
    const label = dataset.labels[index]!;
    if (wanted[label]! <= 0) continue;
    wanted[label]! -= 1;
    indices.push(index);
  }
  const short = wanted.findIndex((missing) => missing > 0);
  if (short >= 0) {
    throw new ArgumentError(
      `take: ${dataset.name} has ${wanted[short]} samples of class ${dataset.classes[short]} too few for a balanced ${count}`,
    );
  }
  return indices;
}
