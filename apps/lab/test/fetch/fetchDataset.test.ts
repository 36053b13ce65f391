import { createHash } from 'node:crypto';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
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
async function publish(archive: Uint8Array, names: readonly string[]): Promise<DatasetSource> {
  const { address } = await serveFile(archive);
  const files = [{ name: 'records.tar.gz', bytes: archive.length, md5: md5Of(archive) }];
  return { title: 'Records', address, files, members: names.map((name) => ({ name, bytes: 700 })) };
}

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** Fetches, and tells which files were found damaged. */
async function fetched(source: DatasetSource, folder: string): Promise<{ done: boolean; damaged: string[] }> {
  const damaged: string[] = [];
  const onDamaged = (name: string, fault: string): void => void damaged.push(`${name}: ${fault}`);
  return { done: await fetchDataset(source, folder, { onDamaged }), damaged };
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
    const files = ['a.gz', 'b.gz'].map((name) => ({ name, bytes: 700, md5: md5Of(records(5)) }));
    const folder = await temporaryFolder();
    await fetchDataset({ title: 'Plain', address, files, members: files }, folder);
    expect((await readdir(folder)).sort()).toEqual(['a.gz', 'b.gz']);
  });

  test('damaged files are fetched again, good ones are not', async () => {
    const { address, ranges } = await serveFile(records(5));
    const files = ['good', 'empty', 'other', 'new'].map((name) => ({ name, bytes: 700, md5: md5Of(records(5)) }));
    const source = { title: 'Plain', address, files, members: files };
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'good'), records(5));
    await writeFile(path.join(folder, 'empty'), '');
    await writeFile(path.join(folder, 'other'), records(6));
    const damaged = [
      'empty: 0 instead of 700 bytes',
      `other: MD5 ${md5Of(records(6))} instead of ${md5Of(records(5))}`,
    ];
    expect(await fetched(source, folder)).toEqual({ done: true, damaged });
    expect(ranges).toHaveLength(3);
    for (const { name } of files) expect(new Uint8Array(await readFile(path.join(folder, name)))).toEqual(records(5));
    expect(await fetched(source, folder)).toEqual({ done: false, damaged: [] });
  });

  test('a damaged archive is fetched again', async () => {
    const source = await publish(archiveOf(['a.bin', 'b.bin']), ['a.bin', 'b.bin']);
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'records.tar.gz'), new Uint8Array(source.files[0]!.bytes));
    const { done, damaged } = await fetched(source, folder);
    expect(done).toBe(true);
    expect(damaged).toEqual([expect.stringMatching(/^records\.tar\.gz: MD5 \w+ instead of \w+$/)]);
    expect((await readdir(folder)).sort()).toEqual(['a.bin', 'b.bin']);
  });

  test('a good archive that is there already is only unpacked', async () => {
    const archive = archiveOf(['a.bin', 'b.bin']);
    const source = { ...(await publish(archive, ['a.bin', 'b.bin'])), address: 'http://127.0.0.1:9/' };
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'records.tar.gz'), archive);
    expect(await fetched(source, folder)).toEqual({ done: true, damaged: [] });
    expect((await readdir(folder)).sort()).toEqual(['a.bin', 'b.bin']);
  });

  test('an unpacked file of the wrong size is unpacked anew, and no other', async () => {
    const source = await publish(archiveOf(['a.bin', 'b.bin']), ['a.bin', 'b.bin']);
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'a.bin'), records(9));
    await writeFile(path.join(folder, 'b.bin'), records(2).subarray(0, 699));
    expect(await fetched(source, folder)).toEqual({ done: true, damaged: ['b.bin: 699 instead of 700 bytes'] });
    expect(new Uint8Array(await readFile(path.join(folder, 'a.bin')))).toEqual(records(9));
    expect(new Uint8Array(await readFile(path.join(folder, 'b.bin')))).toEqual(records(2));
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
});

test('softgrad fetch: garbage in the place of a file is named, and not taken for it', async () => {
  const { address } = await serveFile(new Uint8Array(9_912_422));
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'train-images-idx3-ubyte.gz'), 'garbage');
  const { code, stdout, stderr } = await softgrad('fetch', 'mnist', '--from', address, '--to', folder);
  const [said, error] = stderr.split('\n');
  expect(said).toBe('  train-images-idx3-ubyte.gz is damaged (7 instead of 9912422 bytes); fetching it again');
  expect(error).toMatch(/^softgrad: http.*train-images-idx3-ubyte\.gz isn't the file/);
  expect([code, stdout]).toEqual([1, '']);
});

test('softgrad fetch: what is there already isn’t fetched', async () => {
  const folder = await temporaryFolder();
  for (const name of [...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`), 'test_batch.bin']) {
    await writeFile(path.join(folder, name), '');
    await truncate(path.join(folder, name), 10_000 * 3073);
  }
  expect(await softgrad('fetch', 'cifar10', '--from', 'http://127.0.0.1:9/', '--to', folder)).toEqual({
    code: 0,
    stdout: `  CIFAR-10 is in ${folder} already\n`,
    stderr: '',
  });
});
