/** @file The record format that CIFAR-10 and CIFAR-100 share: label bytes, then 1024 red, 1024 green, 1024 blue bytes. */
import { FormatError } from '../errors.js';
import { type Dataset, sampleSize } from './dataset.js';
import { findFile, readFile } from './files.js';

/** One label byte of a record. */
export interface LabelByte {
  readonly what: string;
  readonly classes: readonly string[];
}

const SHAPE = [3, 32, 32] as const;
const IMAGE_BYTES = sampleSize({ shape: SHAPE });

/**
 * Splits records into images and the labels of byte `chosen`; every label byte is checked, chosen or not.
 *
 * @throws FormatError if the bytes aren't whole records or a label is out of range
 */
export function parseCifarRecords(
  bytes: Uint8Array,
  file: string,
  labelBytes: readonly LabelByte[],
  chosen: number,
): Omit<Dataset, 'name'> {
  const recordBytes = labelBytes.length + IMAGE_BYTES;
  const length = Math.floor(bytes.length / recordBytes);
  if (length === 0 || bytes.length % recordBytes !== 0) {
    const expected = `expected whole records of ${recordBytes} bytes, but the last one has`;
    throw new FormatError(file, length * recordBytes, `${expected} ${bytes.length - length * recordBytes}`);
  }
  const images = new Uint8Array(length * IMAGE_BYTES);
  const labels = new Int32Array(length);
  for (let record = 0; record < length; record++) {
    const start = record * recordBytes;
    labelBytes.forEach(({ what, classes }, index) => {
      const label = bytes[start + index]!;
      if (label >= classes.length) {
        const expected = `expected a ${what} from 0 to ${classes.length - 1}, but record ${record} has`;
        throw new FormatError(file, start + index, `${expected} ${label}`);
      }
      if (index === chosen) labels[record] = label;
    });
    images.set(bytes.subarray(start + labelBytes.length, start + recordBytes), record * IMAGE_BYTES);
  }
  return { images, labels, shape: SHAPE, classes: labelBytes[chosen]!.classes, length };
}

/** Reads and joins the files that make up one split. */
export async function readCifarFiles(
  operation: string,
  directory: string,
  folder: string,
  names: readonly string[],
  parse: (bytes: Uint8Array, file: string) => Dataset,
): Promise<Dataset> {
  const parts: Dataset[] = [];
  for (const name of names) {
    const path = await findFile(operation, directory, ['', folder], [name]);
    parts.push(parse(await readFile(operation, path), path));
  }
  const [first] = parts;
  if (parts.length === 1) return first!;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const images = new Uint8Array(length * IMAGE_BYTES);
  const labels = new Int32Array(length);
  let at = 0;
  for (const part of parts) {
    images.set(part.images, at * IMAGE_BYTES);
    labels.set(part.labels, at);
    at += part.length;
  }
  return { ...first!, images, labels, length };
}
