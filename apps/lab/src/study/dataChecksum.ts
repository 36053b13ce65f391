/**
 * @file Whether two machines train on the same data.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Dataset } from 'softgrad/data';
import type { StudyData } from './datasets.js';

const known = new WeakMap<StudyData, string>();

/**
 * A SHA-256 in hexadecimal digits over everything of the data, as used, that a run's numbers depend on. It is computed once for
 * the same object.
 */
export function dataChecksum(data: StudyData): string {
  const before = known.get(data);
  if (before !== undefined) return before;
  const hash = createHash('sha256');
  for (const dataset of [data.train, data.test]) add(hash, dataset);
  const checksum = hash.digest('hex');
  known.set(data, checksum);
  return checksum;
}

/** The same over one part of it. */
export function datasetChecksum(dataset: Dataset): string {
  const hash = createHash('sha256');
  add(hash, dataset);
  return hash.digest('hex');
}

function add(hash: Hash, { images, labels, shape, classes, length, normalization }: Dataset): void {
  const kind = images instanceof Uint8Array ? 'bytes' : 'floats';
  hash.update(JSON.stringify({ kind, shape, classes, length, normalization: normalization ?? null }));
  for (const { buffer, byteOffset, byteLength } of [images, labels]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
}
