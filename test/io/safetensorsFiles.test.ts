import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setBackend, tensor } from '../../src/index.js';
import {
  FormatError,
  loadSafetensors,
  parseSafetensors,
  saveSafetensors,
  serializeSafetensors,
  writeFileAtomically,
} from '../../src/io/index.js';

let folder: string;
beforeEach(async () => {
  await setBackend('reference');
  folder = mkdtempSync(join(tmpdir(), 'softgrad-io-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('saveSafetensors and loadSafetensors', () => {
  test('bring tensors back: values, shapes, dtypes, metadata', async () => {
    const path = join(folder, 'model.safetensors');
    const weight = tensor([
      [1, 2, 3],
      [4, 5, -6.5],
    ]);
    const scale = tensor(Math.PI, { dtype: 'float64' });
    await saveSafetensors(
      path,
      { weight, scale, 'step.count': { shape: [1], data: Int32Array.of(9) } },
      { epoch: '2' },
    );

    const loaded = await loadSafetensors(path);
    expect(Object.keys(loaded).sort()).toEqual(['scale', 'step.count', 'weight']);
    expect(loaded.weight!.shape).toEqual([2, 3]);
    expect(loaded.weight!.dtype).toBe('float32');
    expect(await loaded.weight!.data()).toEqual(Float32Array.of(1, 2, 3, 4, 5, -6.5));
    expect(loaded.scale!.shape).toEqual([]);
    expect(loaded.scale!.dtype).toBe('float64');
    expect(await loaded.scale!.item()).toBe(Math.PI);
    expect(await loaded['step.count']!.data()).toEqual(Float32Array.of(9));
    expect(parseSafetensors(readFileSync(path)).metadata).toEqual({ epoch: '2' });
    expect(readdirSync(folder)).toEqual(['model.safetensors']);
  });

  test('take bytes as well as a path, and convert to a wanted dtype', async () => {
    const bytes = serializeSafetensors({ x: { shape: [2], data: Float64Array.of(0.5, 2) } });
    const { x } = await loadSafetensors(bytes, { dtype: 'float32' });
    expect(await x!.data()).toEqual(Float32Array.of(0.5, 2));
  });

  test.each([
    ['I64', BigInt64Array.of(2n ** 40n), 2 ** 40],
    ['U8', Uint8Array.of(255), 255],
    ['I32', Int32Array.of(-(2 ** 31)), -(2 ** 31)],
  ])('integers that float32 holds exactly become float32: %s', async (_, data, value) => {
    const { x } = await loadSafetensors(serializeSafetensors({ x: { shape: [1], data } }));
    expect(await x!.item()).toBe(value);
  });

  test('other integers are an error that names tensor and value', async () => {
    const bytes = serializeSafetensors({ count: { shape: [2], data: Int32Array.of(1, 2 ** 24 + 1) } });
    await expect(loadSafetensors(bytes)).rejects.toThrow('tensor "count" (I32) holds 16777217, which float32 can\'t');
  });

  test('a damaged file is named in the error', async () => {
    const path = join(folder, 'cut.safetensors');
    writeFileSync(path, serializeSafetensors({ x: { shape: [1], data: Float32Array.of(1) } }).subarray(0, -1));
    await expect(loadSafetensors(path)).rejects.toThrow(FormatError);
    await expect(loadSafetensors(path)).rejects.toThrow(`${path}, byte `);
  });

  test('a missing file is named in the error', async () => {
    await expect(loadSafetensors(join(folder, 'none'))).rejects.toThrow(/ENOENT.*none/);
  });
});

describe('writeFileAtomically', () => {
  const write = (path: string, text: string): Promise<void> =>
    writeFileAtomically('test', path, new TextEncoder().encode(text));

  test('replaces a file and leaves nothing beside it', async () => {
    const path = join(folder, 'a');
    await write(path, 'old');
    await write(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('concurrent writes leave one of them whole', async () => {
    const path = join(folder, 'a');
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(100_000));
    await Promise.all(texts.map((text) => write(path, text)));
    expect(texts).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('a failure names the path, keeps what was there and removes the temporary file', async () => {
    // A directory that isn't empty can't be replaced by a file: the rename, the last step, fails.
    const occupied = mkdtempSync(join(folder, 'occupied-'));
    writeFileSync(join(occupied, 'kept'), 'old');
    await expect(write(occupied, 'new')).rejects.toThrow(`test: could not write ${occupied} (`);
    expect(readFileSync(join(occupied, 'kept'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test('a missing directory is an error that names the path', async () => {
    await expect(write(join(folder, 'no', 'a'), 'x')).rejects.toThrow(/test: could not write .*no.a \(ENOENT/);
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a read-only directory keeps its file',
    async () => {
      const path = join(folder, 'a');
      await write(path, 'old');
      chmodSync(folder, 0o500);
      await expect(write(path, 'new')).rejects.toThrow(/could not write/);
      chmodSync(folder, 0o700);
      expect(readFileSync(path, 'utf8')).toBe('old');
    },
  );
});
