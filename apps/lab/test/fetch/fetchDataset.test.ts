import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';
import { describe, expect, test } from 'vitest';
import type { DatasetSource } from '../../src/fetch/datasetSources.js';
import { fetchDataset } from '../../src/fetch/fetchDataset.js';
import { softgrad, temporaryFolder } from '../support.js';
import { serveFile } from './fileServer.js';

const records = (seed: number): Uint8Array => Uint8Array.from({ length: 700 }, (_, i) => i * seed);

const archiveOf = (names: readonly string[]): Uint8Array =>
  gzipSync(createTar(names.map((name, i) => ({ name, data: records(i + 1) }))));

/** The archive with a size of its first member that reaches beyond its end. */
function longer(archive: Uint8Array): Uint8Array {
  const tar = gunzipSync(archive);
  tar.write('77777777777', 124);
  return gzipSync(tar);
}

/** A data set that this machine publishes. */
async function publish(archive: Uint8Array, members: readonly string[]): Promise<DatasetSource> {
  const { address } = await serveFile(archive);
  const md5 = createHash('md5').update(archive).digest('hex');
  return { title: 'Records', address, files: [{ name: 'records.tar.gz', bytes: archive.length, md5 }], members };
}

describe('fetching a data set', () => {
  test('puts its files into the folder and nothing else; a second time there is nothing to do', async () => {
    const archive = archiveOf(['records-bin/readme.html', 'records-bin/a.bin', 'records-bin/b.bin']);
    const source = await publish(archive, ['a.bin', 'b.bin']);
    const folder = path.join(await temporaryFolder(), 'new', 'records');
    let progress = 0;
    const onProgress = (bytes: number): void => {
      progress = bytes;
    };
    expect(await fetchDataset(source, folder, { onProgress })).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['a.bin', 'b.bin']);
    expect(new Uint8Array(await readFile(path.join(folder, 'b.bin')))).toEqual(records(3));
    expect(progress).toBe(archive.length);
    expect(await fetchDataset({ ...source, address: 'http://127.0.0.1:9/' }, folder)).toBe(false);
  });

  test('a member that points out of the folder lands in it', async () => {
    const source = await publish(archiveOf(['../../a.bin', '/etc/other.bin']), ['a.bin']);
    const parent = await temporaryFolder();
    await fetchDataset(source, path.join(parent, 'x', 'y'));
    expect((await readdir(parent, { recursive: true })).sort()).toEqual(['x', 'x/y', 'x/y/a.bin']);
  });

  test('files without an archive stay as they are', async () => {
    const { address } = await serveFile(records(5));
    const md5 = createHash('md5').update(records(5)).digest('hex');
    const files = ['a.gz', 'b.gz'].map((name) => ({ name, bytes: 700, md5 }));
    const folder = await temporaryFolder();
    await fetchDataset({ title: 'Plain', address, files, members: ['a.gz', 'b.gz'] }, folder);
    expect((await readdir(folder)).sort()).toEqual(['a.gz', 'b.gz']);
  });

  test.each([
    ['lacks a member', archiveOf(['a.bin']), /lacks b\.bin$/],
    ['is not gzip', records(1), /records\.tar\.gz, byte 0: expected a gzipped tar archive/],
    ['has nothing to read in it', gzipSync(records(1)), /records\.tar\.gz, byte 0: expected a gzipped tar archive/],
    [
      'says that a member is longer',
      longer(archiveOf(['a.bin', 'b.bin'])),
      /byte 0: expected a gzipped tar archive \(/,
    ],
    [
      'is cut short',
      archiveOf(['a.bin', 'b.bin']).subarray(0, 100),
      /records\.tar\.gz, byte \d+: the gzip data are damaged/,
    ],
  ])('an archive that %s is refused', async (_, archive, message) => {
    const folder = await temporaryFolder();
    await expect(fetchDataset(await publish(archive, ['a.bin', 'b.bin']), folder)).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual(['records.tar.gz']);
  });
});

test('softgrad fetch: a mirror with another file is refused in one line', async () => {
  const { address } = await serveFile(new Uint8Array(9_912_422));
  const folder = await temporaryFolder();
  const { code, stderr } = await softgrad('fetch', 'mnist', '--from', address, '--to', folder);
  expect(stderr).toMatch(/^softgrad: http.*train-images-idx3-ubyte\.gz isn't the file that its publisher describes/);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(1);
  await Promise.all(
    ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map((name) =>
      writeFile(path.join(folder, `${name}-ubyte.gz`), ''),
    ),
  );
  expect((await softgrad('fetch', 'mnist', '--to', folder)).stdout).toBe(`  MNIST is in ${folder} already\n`);
});
