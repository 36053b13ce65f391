/** @file Batches of a data set: shuffled, augmented and repeatable. */
import { ArgumentError } from '../errors.js';
import { tensor } from '../tensor/create.js';
import { Generator, type Seed } from '../tensor/generator.js';
import { defaultGenerator } from '../tensor/random.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Dataset } from './dataset.js';
import { gatherBatch } from './gatherBatch.js';
import { checkNormalization, type Normalization } from './normalization.js';
import { take } from './subset.js';
import type { Transform } from './transform.js';

export interface DataLoaderOptions {
  readonly batchSize: number;
  /** A new order every epoch; otherwise the data set's own order. */
  readonly shuffle?: boolean;
  /** What order and augmentation follow from; without `seed` and `generator`, from the default generator's seed. */
  readonly seed?: Seed | undefined;
  /** An alternative to `seed`; only its seed matters, not how far it was used. */
  readonly generator?: Generator | undefined;
  /** Applied in this order to each normalised batch. */
  readonly augment?: readonly Transform[];
  /** Absent: by the data set's own figures, if it has them; `true`: it must; `false`: bytes only become [0, 1]. */
  readonly normalize?: boolean | Normalization | undefined;
  /** Leaves out a last batch that isn't full. */
  readonly dropLast?: boolean;
  /** Only the first `limit` samples of the data set. */
  readonly limit?: number | undefined;
}

export interface Batch {
  /** `[B, C, ...spatial]`, float32, on the active backend. */
  readonly x: Tensor;
  /** `[B]`, class indices. */
  readonly labels: Int32Array;
  /** `[B]`, where the samples lie in the data set. */
  readonly indices: Int32Array;
}

/** What decides which samples each batch holds. Loaders of the same samples that agree in this yield the same batches. */
export interface BatchOrder {
  readonly dataset: string;
  readonly samples: number;
  readonly batchSize: number;
  /** Batches in an epoch. */
  readonly batches: number;
  readonly shuffle: boolean;
  /** The seed as an unsigned 64-bit integer in hexadecimal. */
  readonly seed: string;
}

/**
 * Iterates over a data set in batches. `for (const { x, labels } of loader)` is one epoch; the next loop is the next.
 *
 * What batch b of epoch e holds depends only on the seed, e and b. So `loader.batches(e, { from: b })` goes on exactly
 * where an interrupted run stopped.
 */
export class DataLoader implements Iterable<Batch> {
  readonly dataset: Dataset;
  readonly batchSize: number;
  /** The number of batches in an epoch. */
  readonly length: number;
  /** The epoch that the next loop over this loader is. */
  epoch = 0;
  readonly #shuffle: boolean;
  readonly #augment: readonly Transform[];
  readonly #normalization: Normalization | undefined;
  readonly #generator: Generator;

  /** @throws ArgumentError if an option is out of range or doesn't fit the data set */
  constructor(dataset: Dataset, options: DataLoaderOptions) {
    const { batchSize, shuffle = false, augment = [], dropLast = false, limit } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ArgumentError(`DataLoader: batchSize is ${batchSize}, but must be a positive integer`);
    }
    this.dataset = limit === undefined ? dataset : take(dataset, limit);
    this.batchSize = batchSize;
    this.length = (dropLast ? Math.floor : Math.ceil)(this.dataset.length / batchSize);
    if (this.length === 0) {
      throw new ArgumentError(
        `DataLoader: ${dataset.name} has ${this.dataset.length} samples, too few for one batch of ${batchSize}`,
      );
    }
    this.#shuffle = shuffle;
    this.#augment = augment;
    this.#normalization = chooseNormalization(dataset, options.normalize);
    this.#generator = chooseGenerator(options);
  }

  /** What a checkpoint notes down, so that a resumed training is known to see the same batches. */
  get order(): BatchOrder {
    const { dataset, batchSize, length: batches } = this;
    const { seed } = this.#generator.state;
    return { dataset: dataset.name, samples: dataset.length, batchSize, batches, shuffle: this.#shuffle, seed };
  }

  [Symbol.iterator](): IterableIterator<Batch> {
    return this.batches(this.epoch++);
  }

  /** The batches of one epoch, counted from 0, beginning with batch `from`. */
  batches(epoch: number, options: { from?: number } = {}): IterableIterator<Batch> {
    const { from = 0 } = options;
    if (!Number.isInteger(epoch) || epoch < 0) {
      throw new ArgumentError(`DataLoader: epoch is ${epoch}, but must be an integer of at least 0`);
    }
    if (!Number.isInteger(from) || from < 0 || from > this.length) {
      throw new ArgumentError(`DataLoader: batch ${from} of an epoch of ${this.length} batches`);
    }
    return this.#generate(epoch, from);
  }

  *#generate(epoch: number, from: number): IterableIterator<Batch> {
    const stream = this.#generator.fork(`epoch ${epoch}`);
    const order = this.#indices(stream);
    for (let batch = from; batch < this.length; batch++) {
      const indices = order.slice(batch * this.batchSize, (batch + 1) * this.batchSize);
      const values = gatherBatch(this.dataset, indices, this.#normalization);
      const shape = [indices.length, ...this.dataset.shape];
      // A stream per batch, so that resuming at a batch needs none of those before it.
      const augmentation = stream.fork(`augment ${batch}`);
      for (const transform of this.#augment) transform(values, shape, augmentation);
      const labels = indices.map((index) => this.dataset.labels[index]!);
      yield { x: tensor(values, { shape }), labels, indices };
    }
  }

  #indices(stream: Generator): Int32Array {
    if (this.#shuffle) return stream.fork('order').permutation(this.dataset.length);
    return Int32Array.from({ length: this.dataset.length }, (_, index) => index);
  }
}

function chooseNormalization(
  { name, shape, normalization: own }: Dataset,
  normalize: DataLoaderOptions['normalize'],
): Normalization | undefined {
  if (normalize === false) return undefined;
  if (normalize === true && !own) {
    throw new ArgumentError(`DataLoader: ${name} has no normalization; pass computeNormalization(trainingData)`);
  }
  const chosen = typeof normalize === 'object' ? normalize : own;
  if (chosen) checkNormalization(chosen, shape[0]!);
  return chosen;
}

function chooseGenerator({ seed, generator }: DataLoaderOptions): Generator {
  if (seed !== undefined && generator) throw new ArgumentError('DataLoader: give seed or generator, not both');
  if (seed !== undefined) return new Generator(seed);
  return (generator ?? defaultGenerator).fork('DataLoader');
}
