import { gzipSync } from 'node:zlib';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { gunzip } from '../../src/data/gunzip.js';
import { type Dataset, FormatError, parseCifar10, parseCifar100, parseIdx, parseMnist } from '../../src/data/index.js';

const RECORD = 3073;

/** Records whose label is `index mod 10` and whose pixels count up from the index. */
function cifar10Bytes(count: number): Uint8Array {
  return Uint8Array.from({ length: count * RECORD }, (_, at) => {
    const index = Math.floor(at / RECORD);
    return at % RECORD === 0 ? index % 10 : (index + (at % RECORD)) % 256;
  });
}

/** An IDX file of the given element type, its elements given as bytes. */
function idxBytes(type: number, shape: readonly number[], elements: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + elements.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, type);
  view.setUint8(3, shape.length);
  shape.forEach((size, axis) => {
    view.setUint32(4 + 4 * axis, size);
  });
  bytes.set(elements, 4 + 4 * shape.length);
  return bytes;
}

/** Passes if `parse` works or throws a FormatError that names file and offset. */
function worksOrNamesTheOffset(parse: (file: string) => unknown): void {
  try {
    parse('damaged.bin');
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    const { message, offset } = error as FormatError;
    expect(message).toContain(`damaged.bin, byte ${offset}: `);
  }
}

describe('parseCifar10', () => {
  test('splits records into labels and planar images', () => {
    const bytes = cifar10Bytes(12);
    const { images, labels, shape, length, classes } = parseCifar10(bytes);
    expect([length, images.length, [...shape]]).toEqual([12, 12 * 3072, [3, 32, 32]]);
    expect([...labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect([...images.subarray(5 * 3072, 5 * 3072 + 3)]).toEqual([6, 7, 8]);
    expect(classes).toHaveLength(10);
  });

  test('refuses every length that is not a whole number of records', () => {
    const bytes = cifar10Bytes(2);
    for (let length = 0; length < bytes.length; length++) {
      if (length === RECORD) continue;
      expect(() => parseCifar10(bytes.subarray(0, length))).toThrow(FormatError);
    }
  });

  test('names file, offset, record and label', () => {
    const bytes = cifar10Bytes(4);
    bytes[2 * RECORD] = 10;
    expect(() => parseCifar10(bytes, 'data_batch_1.bin')).toThrow(
      'data_batch_1.bin, byte 6146: expected a label from 0 to 9, but record 2 has 10',
    );
    expect(() => parseCifar10(bytes.subarray(0, RECORD + 5), 'cut')).toThrow(
      'cut, byte 3073: expected whole records of 3073 bytes, but the last one has 5',
    );
  });

  test.prop([fc.array(fc.tuple(fc.nat(2 * RECORD - 1), fc.nat(255))), fc.nat(2 * RECORD)])(
    'any damage',
    (changes, cut) => {
      const bytes = cifar10Bytes(2);
      for (const [at, value] of changes) bytes[at] = value;
      worksOrNamesTheOffset((file) => parseCifar10(bytes, file));
      worksOrNamesTheOffset((file) => parseCifar10(bytes.subarray(cut), file));
    },
  );
});

describe('parseCifar100', () => {
  const bytes = new Uint8Array(2 * 3074);
  bytes.set([19, 99, 7], 0);
  bytes.set([4, 0, 8], 3074);

  test('reads fine or coarse labels', () => {
    expect([...parseCifar100(bytes).labels]).toEqual([99, 0]);
    expect([...parseCifar100(bytes, 'f', 'coarse').labels]).toEqual([19, 4]);
    expect(parseCifar100(bytes).images[3072]).toBe(8);
  });

  test('has 100 fine and 20 coarse class names, in alphabetical order', () => {
    for (const [labels, count] of [
      ['fine', 100],
      ['coarse', 20],
    ] as const) {
      const { classes } = parseCifar100(bytes, 'f', labels);
      expect(new Set(classes).size).toBe(count);
      expect(classes.toSorted()).toEqual(classes);
    }
  });

  test('checks both labels whichever is asked for', () => {
    const damaged = bytes.slice();
    damaged[3074] = 20;
    expect(() => parseCifar100(damaged, 'train.bin')).toThrow(
      'train.bin, byte 3074: expected a coarse label from 0 to 19',
    );
  });
});

describe('parseIdx', () => {
  test('names an offset where an empty axis stands beside sizes beyond all numbers', () => {
    const bytes = idxBytes(8, [...Array(40).fill(0xffffffff), 0], [1]);
    expect(() => parseIdx(bytes, 'huge')).toThrow(/huge, byte 168: sizes .* need a file of 168 bytes, but it has 169/);
  });

  test('quotes no more than a few sizes of many', () => {
    const bytes = idxBytes(8, Array(255).fill(0xffffffff), [1]);
    expect(() => parseIdx(bytes, 'huge')).toThrow(/^huge, byte 1025: sizes \[[\d,]{79}…\] need a file of/);
  });

  test.prop([fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat(255))])(
    'reads bytes of any rank',
    (shape, stream) => {
      const elements = [...stream.take(shape.reduce((product, size) => product * size, 1))];
      expect(parseIdx(idxBytes(0x08, shape, elements))).toEqual({ shape, data: Uint8Array.from(elements) });
    },
  );

  test.each([
    [0x09, [0xff], Int8Array.of(-1)],
    [0x0b, [0xff, 0xfe], Int16Array.of(-2)],
    [0x0c, [0, 0, 1, 0], Int32Array.of(256)],
    [0x0d, [0xbf, 0x80, 0, 0], Float32Array.of(-1)],
    [0x0e, [0x40, 0, 0, 0, 0, 0, 0, 0], Float64Array.of(2)],
  ])('reads big-endian elements of type %s', (type, bytes, data) => {
    expect(parseIdx(idxBytes(type, [1], bytes)).data).toEqual(data);
  });

  test.each<[string, Uint8Array, string]>([
    ['no bytes', new Uint8Array(0), 'byte 0: expected a 4-byte IDX magic number'],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'byte 0: expected two zero bytes'],
    ['an unknown element type', Uint8Array.of(0, 0, 7, 1), 'byte 2: unknown IDX element type 7'],
    ['rank 0', Uint8Array.of(0, 0, 8, 0), 'byte 3: expected at least one dimension'],
    ['sizes cut short', Uint8Array.of(0, 0, 8, 2, 0, 0), 'byte 6: expected 2 sizes of 4 bytes'],
    ['data cut short', idxBytes(8, [2, 3], [1, 2, 3]), 'byte 15: sizes [2,3] need a file of 18 bytes, but it has 15'],
    ['data too long', idxBytes(8, [2], [1, 2, 3]), 'byte 10: sizes [2] need a file of 10 bytes, but it has 11'],
    ['sizes beyond all memory', idxBytes(8, [2 ** 32 - 1, 2 ** 32 - 1], [1]), 'byte 13: sizes [4294967295,4294967295]'],
  ])('%s', (_, bytes, message) => {
    expect(() => parseIdx(bytes, 'bad')).toThrow(FormatError);
    expect(() => parseIdx(bytes, 'bad')).toThrow(message);
  });

  test.prop([fc.uint8Array({ maxLength: 40 })], { numRuns: 2000 })('random bytes after a right start', (rest) => {
    worksOrNamesTheOffset((file) => parseIdx(Uint8Array.of(0, 0, 8, 1 + ((rest[0] ?? 0) % 3), ...rest), file));
    worksOrNamesTheOffset((file) => parseIdx(rest, file));
  });
});

describe('parseMnist', () => {
  const images = idxBytes(
    8,
    [2, 2, 3],
    Array.from({ length: 12 }, (_, index) => index),
  );
  const parse = (labels: Uint8Array, pixels = images): Dataset => parseMnist(pixels, labels, 'images', 'labels');

  test('joins images and labels', () => {
    const dataset = parse(idxBytes(8, [2], [9, 0]));
    expect(dataset).toMatchObject({ length: 2, shape: [1, 2, 3], labels: Int32Array.of(9, 0) });
  });

  test('refuses files that do not belong together', () => {
    expect(() => parse(idxBytes(8, [3], [1, 2, 3]))).toThrow(
      'labels, byte 4: expected 2 labels, one per image, but found 3',
    );
    expect(() => parse(idxBytes(8, [2], [1, 10]))).toThrow(
      'labels, byte 9: expected a label from 0 to 9, but found 10',
    );
    expect(() => parse(images)).toThrow('labels, byte 2: expected unsigned bytes of rank 1');
    expect(() => parse(idxBytes(8, [1], [1]), idxBytes(8, [1], [1]))).toThrow(
      'images, byte 2: expected unsigned bytes',
    );
    expect(() => parse(idxBytes(8, [0], []), idxBytes(8, [0, 2, 2], []))).toThrow(
      'images, byte 4: expected at least one',
    );
  });
});

describe('gunzip', () => {
  const text = new TextEncoder().encode('softpool '.repeat(1000));
  const compressed = new Uint8Array(gzipSync(text));

  test('decompresses gzip and passes other bytes through', async () => {
    expect(await gunzip(compressed, 'f', 1e6)).toEqual(text);
    expect(await gunzip(text, 'f', 1e6)).toBe(text);
  });

  test('stops at the bound, however small the file', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(1e7)));
    await expect(gunzip(bomb, 'bomb.gz', 1e6)).rejects.toThrow('bomb.gz, byte 1000000: expected at most 1000000 bytes');
  });

  test('names the file when cut at any length', async () => {
    for (let length = 2; length < compressed.length; length++) {
      await expect(gunzip(compressed.subarray(0, length), 'cut.gz', 1e6)).rejects.toThrow(FormatError);
    }
  });

  test.prop([fc.nat(compressed.length - 1), fc.integer({ min: 1, max: 255 })])(
    'survives any changed byte',
    async (at, change) => {
      const damaged = compressed.slice();
      damaged[at]! ^= change;
      await gunzip(damaged, 'damaged.gz', 1e6).catch((error) => expect(error).toBeInstanceOf(FormatError));
    },
  );
});
