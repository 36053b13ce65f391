import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  CIFAR10_NORMALIZATION,
  cifar10,
  cifar100,
  computeNormalization,
  MNIST_NORMALIZATION,
  mnist,
} from '../../src/data/index.js';
import { ArgumentError } from '../../src/errors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'softgrad-data-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `count` records of one label and one grey level each. */
const records = (count: number, label: number[], grey: number): Uint8Array =>
  Uint8Array.from({ length: count * (label.length + 3072) }, (_, at) => label[at % (label.length + 3072)] ?? grey);

const idx = (shape: number[], elements: number[]): Uint8Array => {
  const sizes = shape.flatMap((size) => [0, 0, size >> 8, size & 255]);
  return Uint8Array.of(0, 0, 8, shape.length, ...sizes, ...elements);
};

describe('cifar10', () => {
  test('joins the five training files in order, from the subfolder of the archive, gzipped or not', async () => {
    const inside = join(folder, 'cifar-10-batches-bin');
    mkdirSync(inside);
    for (const batch of [1, 2, 3, 4]) {
      writeFileSync(join(inside, `data_batch_${batch}.bin`), records(batch, [batch], 10 * batch));
    }
    writeFileSync(join(inside, 'data_batch_5.bin.gz'), gzipSync(records(1, [5], 50)));
    const { labels, images, length } = await cifar10(folder, { split: 'train' });
    expect([...labels]).toEqual([1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5]);
    expect(Array.from(labels, (_, index) => images[index * 3072])).toEqual([
      10, 20, 20, 30, 30, 30, 40, 40, 40, 40, 50,
    ]);
    expect(length).toBe(11);
  });

  test('names the missing file and the damaged one', async () => {
    await expect(cifar10(folder, { split: 'test' })).rejects.toThrow(ArgumentError);
    await expect(cifar10(folder, { split: 'test' })).rejects.toThrow(
      `cifar10: found no test_batch.bin (or .gz) in ${folder}`,
    );
    writeFileSync(join(folder, 'test_batch.bin'), records(1, [3], 0).subarray(1));
    await expect(cifar10(folder, { split: 'test' })).rejects.toThrow(
      `${folder}/test_batch.bin, byte 0: expected whole`,
    );
  });

  test('refuses an unknown split', async () => {
    await expect(cifar10(folder, { split: JSON.parse('"valid"') })).rejects.toThrow("split is 'valid', but must be");
  });
});

test('cifar100 reads train.bin and test.bin with fine or coarse labels', async () => {
  writeFileSync(join(folder, 'test.bin'), records(2, [11, 42], 7));
  expect([...(await cifar100(folder, { split: 'test' })).labels]).toEqual([42, 42]);
  expect([...(await cifar100(folder, { split: 'test', labels: 'coarse' })).labels]).toEqual([11, 11]);
  await expect(cifar100(folder, { split: 'train' })).rejects.toThrow('found no train.bin');
  await expect(cifar100(folder, { split: 'test', labels: JSON.parse('"medium"') })).rejects.toThrow(ArgumentError);
});

describe('mnist', () => {
  test.each([
    ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte', false],
    ['t10k-images.idx3-ubyte', 't10k-labels.idx1-ubyte', false],
    ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz', true],
    ['MNIST/raw/t10k-images-idx3-ubyte', 'MNIST/raw/t10k-labels-idx1-ubyte', false],
  ])('reads %s', async (images, labels, compressed) => {
    mkdirSync(join(folder, 'MNIST/raw'), { recursive: true });
    const pack = (bytes: Uint8Array): Uint8Array => (compressed ? gzipSync(bytes) : bytes);
    writeFileSync(join(folder, images), pack(idx([2, 1, 2], [1, 2, 3, 4])));
    writeFileSync(join(folder, labels), pack(idx([2], [8, 9])));
    const dataset = await mnist(folder, { split: 'test' });
    expect(dataset).toMatchObject({ images: Uint8Array.of(1, 2, 3, 4), labels: Int32Array.of(8, 9), shape: [1, 1, 2] });
  });

  test('names the missing file in both spellings', async () => {
    await expect(mnist(folder, { split: 'train' })).rejects.toThrow(
      'mnist: found no train-images-idx3-ubyte or train-images.idx3-ubyte (or .gz)',
    );
  });
});

const realMnist = fileURLToPath(new URL('../../../shared/data/mnist', import.meta.url));
describe.skipIf(!existsSync(realMnist))('the real MNIST in ../shared/data/mnist', () => {
  test('has 60,000 and 10,000 digits with the known labels and statistics', async () => {
    const train = await mnist(realMnist, { split: 'train' });
    const held = await mnist(realMnist, { split: 'test' });
    expect([train.length, held.length, ...train.shape]).toEqual([60_000, 10_000, 1, 28, 28]);
    expect([...train.labels.subarray(0, 8)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3]);
    expect([...held.labels.subarray(0, 8)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9]);
    const { mean, std } = computeNormalization(train);
    expect(mean[0]).toBeCloseTo(MNIST_NORMALIZATION.mean[0], 4);
    expect(std[0]).toBeCloseTo(MNIST_NORMALIZATION.std[0], 4);
  });
});

const realCifar = process.env.SOFTGRAD_CIFAR10 ?? '';
describe.skipIf(!existsSync(realCifar))('the real CIFAR-10 in $SOFTGRAD_CIFAR10', () => {
  test('has 50,000 and 10,000 images, as many of each class, with the known statistics', async () => {
    const train = await cifar10(realCifar, { split: 'train' });
    const held = await cifar10(realCifar, { split: 'test' });
    expect([train.length, held.length, ...train.shape]).toEqual([50_000, 10_000, 3, 32, 32]);
    for (const { labels, length } of [train, held]) {
      const counts = new Array<number>(10).fill(0);
      for (const label of labels) counts[label]! += 1;
      expect(counts).toEqual(new Array(10).fill(length / 10));
    }
    // Copies that went through JPEG deviate a little less than the originals.
    const { mean, std } = computeNormalization(train);
    for (let channel = 0; channel < 3; channel++) {
      expect(Math.abs(mean[channel]! - CIFAR10_NORMALIZATION.mean[channel]!)).toBeLessThan(0.002);
      expect(Math.abs(std[channel]! - CIFAR10_NORMALIZATION.std[channel]!)).toBeLessThan(0.004);
    }
  });
});
