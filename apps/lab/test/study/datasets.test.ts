import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FormatError } from 'softgrad/data';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadStudyData } from '../../src/study/datasets.js';
import { UsageError } from '../../src/usageError.js';
import { temporaryFolder } from '../support.js';

const RECORD = 1 + 3 * 32 * 32;

/** A folder with CIFAR-10's files, of a few records each; labels go round. */
async function tinyCifar10(records: number): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch']) {
    const bytes = Uint8Array.from({ length: records * RECORD }, (_, i) => (i % RECORD === 0 ? (i / RECORD) % 10 : i));
    await writeFile(path.join(folder, `${name}.bin`), bytes);
  }
  return folder;
}

afterEach(() => vi.unstubAllEnvs());

describe('shapes', () => {
  test.each([
    [{}, 4000, 1000],
    [{ limit: 20 }, 20, 1000],
    [{ limit: 4400 }, 4400, 1100],
    [{ limit: 20, testLimit: 7 }, 20, 7],
  ])('%j: %i training and %i test images', async (limits, train, test) => {
    const data = await loadStudyData({ data: 'shapes', ...limits }, undefined);
    expect([data.train.length, data.test.length]).toEqual([train, test]);
  });
});

describe('files', () => {
  test('are used whole without a limit', async () => {
    const data = await loadStudyData({ data: 'cifar10' }, await tinyCifar10(10));
    expect([data.train.length, data.test.length]).toEqual([50, 10]);
  });

  test('a limit takes as many of each class; the test set keeps 1,000 images or all', async () => {
    const data = await loadStudyData({ data: 'cifar10', limit: 20 }, await tinyCifar10(10));
    expect([...data.train.labels].sort()).toEqual([...Array(20).keys()].map((i) => Math.floor(i / 2)));
    expect(data.test.length).toBe(10);
  });

  test('a limit that the rarest class does not allow to share evenly takes the first images', async () => {
    const data = await loadStudyData({ data: 'cifar10', limit: 39 }, await tinyCifar10(8));
    expect(data.train.length).toBe(39);
  });

  test('no folder, and a folder without them, are mistakes in the words', async () => {
    vi.stubEnv('SOFTGRAD_DATA', await temporaryFolder());
    await expect(loadStudyData({ data: 'mnist' }, undefined)).rejects.toThrow(
      /^--data mnist needs its files: softgrad fetch mnist, or --data-dir with /,
    );
    const empty = loadStudyData({ data: 'cifar10' }, await temporaryFolder());
    await expect(empty).rejects.toThrow(UsageError);
    await expect(empty).rejects.toThrow(/^--data-dir .*found no data_batch_1.*cifar-10-binary\.tar\.gz/);
  });

  test('that were fetched are found without a folder', async () => {
    const cache = await temporaryFolder();
    vi.stubEnv('SOFTGRAD_DATA', cache);
    await rename(await tinyCifar10(10), path.join(cache, 'cifar10'));
    expect((await loadStudyData({ data: 'cifar10' }, undefined)).train.length).toBe(50);
  });

  test('a broken one is named, with the offset', async () => {
    const folder = await tinyCifar10(3);
    await writeFile(path.join(folder, 'data_batch_2.bin'), new Uint8Array(RECORD + 5));
    const broken = loadStudyData({ data: 'cifar10' }, folder);
    await expect(broken).rejects.toThrow(FormatError);
    await expect(broken).rejects.toThrow(/data_batch_2\.bin, byte 3073: .* has 5/);
  });
});
