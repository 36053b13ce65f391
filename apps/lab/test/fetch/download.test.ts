import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DownloadError, download } from '../../src/fetch/download.js';
import { temporaryFolder } from '../support.js';
import { type Behaviour, serveFile } from './fileServer.js';

const content = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);
const file = { name: 'data.bin', bytes: content.length, md5: createHash('md5').update(content).digest('hex') };
const wrong = content.map((byte, i) => (i === 500 ? byte ^ 1 : byte));
/** Patience is far longer than a busy machine takes for one of the slow server's bytes. */
const options = { patience: 1000, pause: 1 };

/** Downloads from a server that behaves so; what was there before is given. */
async function attempt(behaviours: readonly Behaviour[], before?: Uint8Array, signal?: AbortSignal) {
  const folder = await temporaryFolder();
  const target = path.join(folder, file.name);
  if (before) await writeFile(`${target}.part`, before);
  const server = await serveFile(content, ...behaviours);
  const progress: number[] = [];
  const onProgress = (bytes: number): void => {
    progress.push(bytes);
    server.arrived(bytes);
  };
  const done = download(`${server.address}${file.name}`, file, target, { ...options, onProgress, signal });
  const error: unknown = await done.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, ranges: server.ranges, progress, files: await readdir(folder), target };
}

/** It must end with the right file and nothing beside it, after requests for these ranges. */
async function expectFile(
  found: Awaited<ReturnType<typeof attempt>>,
  ...ranges: (string | undefined)[]
): Promise<void> {
  expect(found.error).toBeUndefined();
  expect(found.files).toEqual([file.name]);
  expect(new Uint8Array(await readFile(found.target))).toEqual(content);
  expect(found.ranges).toEqual(ranges);
}

describe('a download succeeds', () => {
  test('at once, and tells its progress', async () => {
    const found = await attempt([{}]);
    await expectFile(found, undefined);
    expect(found.progress.at(-1)).toBe(1000);
  });

  test('from the piece that an earlier one left', async () => {
    await expectFile(await attempt([{}], content.subarray(0, 400)), 'bytes=400-');
  });

  test('where the connection breaks again and again', async () => {
    const found = await attempt([{ breakAfter: 300 }, { breakAfter: 100 }, { breakAfter: 0 }, { breakAfter: 200 }, {}]);
    await expectFile(found, undefined, 'bytes=300-', 'bytes=400-', 'bytes=400-', 'bytes=600-');
  });

  test('where the server stalls, or is slow but steady', async () => {
    await expectFile(await attempt([{ stallAfter: 990 }, { slow: 20 }]), undefined, 'bytes=990-');
  });

  test('where the server is busy at first', async () => {
    await expectFile(await attempt([{ status: 503 }, { status: 429 }, {}]), undefined, undefined, undefined);
  });

  test('where the server knows no ranges', async () => {
    await expectFile(await attempt([{ ignoresRange: true }], content.subarray(0, 400)), 'bytes=400-');
  });

  test('where the piece that is there was of another file: from the beginning', async () => {
    await expectFile(await attempt([{}], wrong.subarray(0, 600)), 'bytes=600-', undefined);
    await expectFile(await attempt([{}], wrong), undefined);
  });
});

describe('a download fails, says why', () => {
  test.each<[string, Behaviour, RegExp, string[]]>([
    ['no such file', { status: 404 }, /the server answered 404 Not Found; give another address \(--from\)$/, []],
    ['a wrong file', { content: wrong }, /MD5 \w{32} instead of \w{32}; try again, or another address/, []],
    ['a longer file', { content: new Uint8Array(1001) }, /is longer than the 1000 bytes/, ['data.bin.part']],
    ['always busy', { status: 500 }, /answered 500 .*, 5 times in a row; what has arrived is kept/, []],
  ])('and leaves nothing wrong: %s', async (_, behaviour, message, files) => {
    const found = await attempt([behaviour]);
    expect(found.error).toBeInstanceOf(DownloadError);
    expect(String(found.error)).toMatch(message);
    expect(found.files).toEqual(files);
  });

  test('and keeps what has arrived where the connection breaks for good', async () => {
    const found = await attempt([{ breakAfter: 300 }, { breakAfter: 0 }]);
    expect(String(found.error)).toMatch(/5 times in a row; what has arrived is kept, so try again later$/);
    expect(found.files).toEqual(['data.bin.part']);
    expect(found.ranges).toHaveLength(6);
  });

  test('and keeps what has arrived where the server sends another part', async () => {
    const found = await attempt([{ start: 0 }], content.subarray(0, 400));
    expect(String(found.error)).toContain('the server sent another part of the file than it was asked for');
    expect(found.files).toEqual(['data.bin.part']);
  });

  test('and keeps what has arrived where it is interrupted', async () => {
    const found = await attempt([{ stallAfter: 200 }], undefined, AbortSignal.timeout(100));
    expect(found.error).toMatchObject({ name: 'TimeoutError' });
    expect(found.files).toEqual(['data.bin.part']);
  });

  test('where nobody listens, and where it can’t write', async () => {
    const target = path.join(await temporaryFolder(), 'no', 'data.bin');
    await expect(download('http://127.0.0.1:9/data.bin', file, target, options)).rejects.toThrow(/5 times in a row/);
    const { address } = await serveFile(content);
    await expect(download(`${address}x`, file, target, options)).rejects.toThrow(/could not write .*ENOENT/);
  });
});
