/**
 * @file Where data sets come from: addresses, sizes and checksums as their publishers give them.
 *
 * CIFAR: https://www.cs.toronto.edu/~kriz/cifar.html. MNIST: the mirror that PyTorch's torchvision uses, because the original
 * address no longer hands the files out.
 */
import type { KnownFile } from './fileFault.js';

/** A file at some address. */
export interface RemoteFile extends KnownFile {
  readonly md5: string;
}

export interface DatasetSource {
  readonly title: string;
  /** The files are below it, by their names. */
  readonly address: string;
  readonly files: readonly RemoteFile[];
  /** What must lie in the folder in the end: members of the archives, or the files themselves. */
  readonly members: readonly KnownFile[];
}

export const FETCHED_NAMES = ['cifar10', 'cifar100', 'mnist'] as const;
export type FetchedName = (typeof FETCHED_NAMES)[number];

const toronto = 'https://www.cs.toronto.edu/~kriz/';

/** A member of CIFAR's archives, of which the publisher tells how many records it has and how long they are, and no checksum. */
function recordFile(name: string, records: number, recordBytes: number): KnownFile {
  return { name, bytes: records * recordBytes };
}

/** Bytes of a picture and its labels: one, or in CIFAR-100 two. */
const [CIFAR10_RECORD, CIFAR100_RECORD] = [1 + 3 * 32 * 32, 2 + 3 * 32 * 32];

const mnistFiles: readonly RemoteFile[] = [
  { name: 'train-images-idx3-ubyte.gz', bytes: 9_912_422, md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873' },
  { name: 'train-labels-idx1-ubyte.gz', bytes: 28_881, md5: 'd53e105ee54ea40749a09fcbcd1e9432' },
  { name: 't10k-images-idx3-ubyte.gz', bytes: 1_648_877, md5: '9fb629c4189551a2d022fa330f9573f3' },
  { name: 't10k-labels-idx1-ubyte.gz', bytes: 4_542, md5: 'ec29112dd5afa0611ce80d1b7f02629c' },
];

export const DATASET_SOURCES: Readonly<Record<FetchedName, DatasetSource>> = {
  cifar10: {
    title: 'CIFAR-10',
    address: toronto,
    files: [{ name: 'cifar-10-binary.tar.gz', bytes: 170_052_171, md5: 'c32a1d4ab5d03f1284b67883e8d87530' }],
    members: [...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`), 'test_batch.bin'].map((name) =>
      recordFile(name, 10_000, CIFAR10_RECORD),
    ),
  },
  cifar100: {
    title: 'CIFAR-100',
    address: toronto,
    files: [{ name: 'cifar-100-binary.tar.gz', bytes: 168_513_733, md5: '03b5dce01913d631647c71ecec9e9cb8' }],
    members: [recordFile('train.bin', 50_000, CIFAR100_RECORD), recordFile('test.bin', 10_000, CIFAR100_RECORD)],
  },
  mnist: {
    title: 'MNIST',
    address: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
    files: mnistFiles,
    members: mnistFiles,
  },
};
