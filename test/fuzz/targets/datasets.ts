/**
 * @file The files of data sets: CIFAR-10, CIFAR-100, IDX and MNIST, gzipped or not.
 */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { checkDataset } from '../../../src/data/dataset.js';
import { type Dataset, gunzip, parseCifar10, parseCifar100, parseIdx, parseMnist } from '../../../src/data/index.js';
import { complaintAboutFormat } from '../documentedErrors.js';
import { demand, fuzzTarget } from '../fuzzTarget.js';
import { hostileBytes, mutated } from '../mutateBytes.js';

const FILE = 'folder/data.bin';

const complaint = (error: unknown, bytes: Uint8Array): string | undefined =>
  complaintAboutFormat(error, FILE, bytes.length);
const itself = (bytes: Uint8Array): Uint8Array => bytes;

function demandDataset(dataset: Dataset, file: Uint8Array): void {
  checkDataset(dataset);
  demand(dataset.images.byteLength <= file.length, `${dataset.images.byteLength} bytes from ${file.length}`);
  demand(dataset.length > 0, 'a data set is empty');
}

/** Records of label bytes and pixels. */
function records(count: number, labels: number): Uint8Array {
  return Uint8Array.from({ length: count * (labels + 3072) }, (_, i) =>
    i % (labels + 3072) < labels ? i % 10 : i % 256,
  );
}

export const cifar10 = fuzzTarget({
  ...{ name: 'cifar10', cases: 100_000, complaint, bytes: itself },
  inputs: hostileBytes([records(1, 1), records(3, 1)]),
  read: (bytes: Uint8Array) => demandDataset(parseCifar10(bytes, FILE), bytes),
});

export const cifar100 = fuzzTarget({
  ...{ name: 'cifar100', cases: 100_000, complaint, bytes: itself },
  inputs: hostileBytes([records(1, 2), records(3, 2)]),
  read: (bytes: Uint8Array) => {
    demandDataset(parseCifar100(bytes, FILE, 'fine'), bytes);
    demandDataset(parseCifar100(bytes, FILE, 'coarse'), bytes);
  },
});

/** An IDX file of that element type and those sizes. */
function idxFile(type: number, bytesPerElement: number, sizes: readonly number[]): Uint8Array {
  const start = 4 + 4 * sizes.length;
  const file = new Uint8Array(start + bytesPerElement * sizes.reduce((product, size) => product * size, 1));
  const view = new DataView(file.buffer);
  view.setUint8(2, type);
  view.setUint8(3, sizes.length);
  for (const [axis, size] of sizes.entries()) view.setUint32(4 + 4 * axis, size);
  for (let i = start; i < file.length; i++) file[i] = i % 10;
  return file;
}

const idxFiles = [
  ...[idxFile(0x08, 1, [5]), idxFile(0x08, 1, [2, 3, 4]), idxFile(0x09, 1, [3, 2]), idxFile(0x0b, 2, [4, 2])],
  ...[idxFile(0x0c, 4, [2, 2]), idxFile(0x0d, 4, [7]), idxFile(0x0e, 8, [2, 3]), idxFile(0x08, 1, [0, 3, 3])],
];

export const idx = fuzzTarget({
  ...{ name: 'idx', cases: 100_000, complaint, bytes: itself },
  inputs: hostileBytes(idxFiles),
  read: (bytes: Uint8Array) => {
    const { shape, data } = parseIdx(bytes, FILE);
    demand(data.length === shape.reduce((product, size) => product * size, 1), 'sizes and data differ');
    demand(data.byteLength <= bytes.length, `${data.byteLength} bytes from ${bytes.length}`);
  },
});

interface ImagesAndLabels {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

const [imagesFile, labelsFile] = ['images.idx', 'labels.idx'];
const images = idxFile(0x08, 1, [3, 4, 5]);
const labels = idxFile(0x08, 1, [3]);

export const mnist = fuzzTarget<ImagesAndLabels>({
  ...{ name: 'mnist', cases: 100_000 },
  inputs: fc.record({
    images: fc.oneof(fc.constant(images), hostileBytes([images, ...idxFiles], 2)),
    labels: fc.oneof(fc.constant(labels), hostileBytes([labels, ...idxFiles], 2)),
  }),
  read: (files) => {
    const dataset = parseMnist(files.images, files.labels, imagesFile, labelsFile);
    demandDataset(dataset, files.images);
  },
  complaint: (error, files) => {
    const aboutImages = complaintAboutFormat(error, imagesFile, files.images.length);
    return aboutImages && complaintAboutFormat(error, labelsFile, files.labels.length);
  },
  bytes: (files) => Buffer.concat([files.images, files.labels]),
});

/** What gzip data may become at most here. */
const MAX_BYTES = 2 ** 20;
const zeros = gzipSync(new Uint8Array(2 ** 22));

export const gzip = fuzzTarget({
  ...{ name: 'gzip', cases: 100_000, bytes: itself, allowance: 2 ** 23 },
  inputs: fc.oneof(
    { arbitrary: mutated([gzipSync(records(1, 1)), gzipSync('softgrad', { level: 0 }), gzipSync('')]), weight: 30 },
    { arbitrary: mutated([zeros], 2), weight: 1 },
  ),
  read: async (bytes: Uint8Array) => {
    const contents = await gunzip(bytes, FILE, MAX_BYTES);
    demand(contents.length <= MAX_BYTES, `${contents.length} bytes came of it, at most ${MAX_BYTES} may`);
  },
  // The offset is one of the decompressed data.
  complaint: (error) => complaintAboutFormat(error, FILE, MAX_BYTES),
});
