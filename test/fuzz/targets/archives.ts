/**
 * @file What `softgrad fetch` unpacks: gzipped tar archives, and nothing outside of the folder.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createTar } from 'nanotar';
import { unpack } from '../../../apps/lab/src/fetch/unpack.js';
import { FormatError } from '../../../src/errors.js';
import { complaintAbout } from '../documentedErrors.js';
import { demand, fuzzTarget } from '../fuzzTarget.js';
import { hostileText } from '../hostileValues.js';
import { hostileBytes } from '../mutateBytes.js';

const parent = mkdtempSync(path.join(tmpdir(), 'softgrad-fuzz-archive-'));
process.once('exit', () => rmSync(parent, { recursive: true, force: true }));
const archive = path.join(parent, 'data.tar.gz');
const folder = path.join(parent, 'inner', 'target');
const names = ['a.bin', 'b.bin'] as const;
/** What an archive may become at most here. */
const MAX_BYTES = 2 ** 20;
mkdirSync(folder, { recursive: true });

const tar = (members: readonly string[]): Uint8Array =>
  new Uint8Array(createTar(members.map((name, i) => ({ name, data: new Uint8Array(10 + i).fill(i) }))));
const good = [tar(['a.bin', 'b.bin']), tar(['x/a.bin', 'x/b.bin', 'x/c.txt'])];

/** Members with names that lead elsewhere; links, folders and headers of all types. */
const hostileTar = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...names), hostileText), fc.constantFrom(...'01234567gxLKNS')), {
    maxLength: 5,
  })
  .map((members) => {
    const bytes = tar(members.map(([name]) => name.slice(0, 90) || 'a.bin'));
    for (const [i, [, type]] of members.entries())
      if (1024 * i + 156 < bytes.length) bytes[1024 * i + 156] = type.charCodeAt(0);
    return bytes;
  });

export const archives = fuzzTarget({
  ...{ name: 'tar.gz', cases: 100_000, bytes: (bytes: Uint8Array) => bytes, allowance: 2 ** 23 },
  inputs: fc.oneof(
    { arbitrary: hostileBytes(good).map((bytes) => gzipSync(bytes)), weight: 4 },
    { arbitrary: hostileTar.map((bytes) => gzipSync(bytes)), weight: 4 },
    { arbitrary: hostileBytes(good.map((bytes) => gzipSync(bytes))), weight: 2 },
  ),
  read: async (bytes: Uint8Array) => {
    writeFileSync(archive, bytes);
    let unpacked = false;
    try {
      await unpack(archive, names, folder, MAX_BYTES);
      unpacked = true;
    } finally {
      const found = readdirSync(parent, { recursive: true, encoding: 'utf8' }).sort();
      const inside = unpacked ? names.map((name) => path.join('inner', 'target', name)) : [];
      const expected = ['data.tar.gz', 'inner', path.join('inner', 'target'), ...inside];
      for (const name of names) rmSync(path.join(folder, name), { force: true });
      demand(JSON.stringify(found) === JSON.stringify(expected), `there are ${found}`);
    }
  },
  complaint: (error) => complaintAbout(error, { classes: [FormatError], file: archive }),
});
