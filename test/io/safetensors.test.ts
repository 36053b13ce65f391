import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { ArgumentError } from '../../src/errors.js';
import { parseSafetensors } from '../../src/io/parseSafetensors.js';
import type { SafetensorsArray } from '../../src/io/safetensorsDtype.js';
import { type SafetensorsInput, serializeSafetensors } from '../../src/io/serializeSafetensors.js';
import { entry, fileOf } from '../support/safetensorsFile.js';

const shapes = fc.array(fc.nat(4), { maxLength: 3 });

function arrays(length: number): fc.Arbitrary<SafetensorsArray> {
  const size = { minLength: length, maxLength: length };
  return fc.oneof(
    fc.float64Array(size),
    fc.float32Array(size),
    fc.int32Array(size),
    fc.uint32Array(size),
    fc.int16Array(size),
    fc.uint16Array(size),
    fc.int8Array(size),
    fc.uint8Array(size),
  );
}

const inputs: fc.Arbitrary<SafetensorsInput> = shapes.chain((shape) =>
  arrays(shape.reduce((product, size) => product * size, 1)).map((data) => ({ shape, data })),
);
const names = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '0', '1', 'a"b\\', '\u0000', 'conv1.weight'),
);
const files = fc.record({
  tensors: fc.dictionary(names, inputs, { maxKeys: 6 }),
  metadata: fc.dictionary(names, fc.string(), { maxKeys: 3 }),
});

describe('round trips', () => {
  test.prop([files], { numRuns: 300 })('parse(serialize(x)) is x', ({ tensors, metadata }) => {
    const contents = parseSafetensors(serializeSafetensors(tensors, metadata));
    expect(Object.entries(contents.metadata).sort()).toEqual(Object.entries(metadata).sort());
    expect([...contents.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      const read = contents.tensors.get(name)!;
      expect(read.shape).toEqual(shape);
      expect(read.data).toEqual(data);
    }
  });

  test.prop([files])('the bytes depend neither on the order of names nor on a second trip', ({ tensors, metadata }) => {
    const bytes = serializeSafetensors(tensors, metadata);
    expect(serializeSafetensors(new Map(Object.entries(tensors).reverse()), metadata)).toEqual(bytes);
    const contents = parseSafetensors(bytes);
    expect(serializeSafetensors(contents.tensors, contents.metadata)).toEqual(bytes);
  });

  test.prop([files])('every tensor is aligned to its element size', ({ tensors, metadata }) => {
    const bytes = serializeSafetensors(tensors, metadata);
    const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
    for (const [name, { data }] of Object.entries(tensors)) {
      expect(header[name].data_offsets[0] % data.BYTES_PER_ELEMENT).toBe(0);
    }
  });

  test.prop([fc.bigInt64Array({ minLength: 1 }), fc.bigUint64Array({ minLength: 1 })])('64-bit integers', (i, u) => {
    const bytes = serializeSafetensors({ i: { shape: [i.length], data: i }, u: { shape: [u.length], data: u } });
    const { tensors } = parseSafetensors(bytes);
    expect(Array.from(tensors.get('i')!.data, BigInt)).toEqual(Array.from(i));
    expect(Array.from(tensors.get('u')!.data, BigInt)).toEqual(Array.from(u));
  });

  test('I64 becomes Int32Array exactly where all values fit', () => {
    const fits = BigInt64Array.of(-(2n ** 31n), 2n ** 31n - 1n);
    const doesNot = BigInt64Array.of(0n, 2n ** 31n);
    const { tensors } = parseSafetensors(
      serializeSafetensors({ fits: { shape: [2], data: fits }, doesNot: { shape: [2], data: doesNot } }),
    );
    expect(tensors.get('fits')!.data).toEqual(Int32Array.of(-(2 ** 31), 2 ** 31 - 1));
    expect(tensors.get('doesNot')!.data).toEqual(doesNot);
  });

  test('an Int32Array can be written as I64', () => {
    const bytes = serializeSafetensors({ x: { dtype: 'I64', shape: [2], data: Int32Array.of(-1, 7) } });
    expect(parseSafetensors(bytes).tensors.get('x')).toEqual({
      dtype: 'I64',
      shape: [2],
      data: Int32Array.of(-1, 7),
    });
  });

  test('the result is independent of the bytes, also of a Node Buffer', () => {
    const bytes = Buffer.from(serializeSafetensors({ x: { shape: [2], data: Float32Array.of(1, 2) } }));
    const { data } = parseSafetensors(bytes).tensors.get('x')!;
    bytes.fill(0);
    expect(data).toEqual(Float32Array.of(1, 2));
    expect(data.buffer.byteLength).toBe(8);
  });

  test('bytes at an odd offset of a larger buffer are read', () => {
    const bytes = serializeSafetensors({ x: { shape: [1], data: Float64Array.of(Math.PI) } });
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(parseSafetensors(larger.subarray(3)).tensors.get('x')!.data).toEqual(Float64Array.of(Math.PI));
  });
});

describe('16-bit floats', () => {
  const halves = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
  const bytesOf = (dtype: string, bits: Uint16Array): Uint8Array =>
    fileOf({ x: entry(dtype, [bits.length], 0, 2 * bits.length) }, new Uint8Array(bits.buffer));

  test.each(['F16', 'BF16'] as const)('%s: all 65,536 values survive a round trip', (dtype) => {
    const first = parseSafetensors(bytesOf(dtype, halves)).tensors.get('x')!;
    const second = parseSafetensors(serializeSafetensors({ x: first })).tensors.get('x')!;
    expect(first.data).toBeInstanceOf(Float32Array);
    expect(second).toEqual(first);
  });

  test.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0x7e00, Number.NaN],
    [0x8000, -0],
  ])('F16 0x%s is %d', (bits, value) => {
    expect(parseSafetensors(bytesOf('F16', Uint16Array.of(bits))).tensors.get('x')!.data).toEqual(
      Float32Array.of(value),
    );
  });

  const rounded = (dtype: 'F16' | 'BF16', value: number): number => {
    const bytes = serializeSafetensors({ x: { dtype, shape: [1], data: Float32Array.of(value) } });
    return Number(parseSafetensors(bytes).tensors.get('x')!.data[0]);
  };

  test.prop([fc.float({ noNaN: true, min: -65504, max: 65504 })], { numRuns: 1000 })(
    'F16 is within half a unit of its last place',
    (value) => {
      const halfUnit = Math.max(2 ** -11 * Math.abs(value), 2 ** -25);
      expect(Math.abs(rounded('F16', value) - value)).toBeLessThanOrEqual(halfUnit);
    },
  );

  test.prop([fc.float({ noNaN: true, min: -(2 ** 127), max: 2 ** 127 })], { numRuns: 1000 })(
    'BF16 is within half a unit of its last place',
    (value) => {
      const halfUnit = Math.max(2 ** -8 * Math.abs(value), 2 ** -134);
      expect(Math.abs(rounded('BF16', value) - value)).toBeLessThanOrEqual(halfUnit);
    },
  );

  test.each<['F16' | 'BF16', number, number]>([
    ['F16', 1 + 2 ** -11, 1],
    ['F16', 1 + 3 * 2 ** -11, 1 + 2 ** -9],
    ['F16', 2 ** -25, 0],
    ['F16', 3 * 2 ** -25, 2 ** -23],
    ['F16', 2 ** -14 - 2 ** -25, 2 ** -14],
    ['F16', 65519, 65504],
    ['F16', 65520, Number.POSITIVE_INFINITY],
    ['F16', -1e30, Number.NEGATIVE_INFINITY],
    ['BF16', 1 + 2 ** -8, 1],
    ['BF16', 1 + 3 * 2 ** -8, 1 + 2 ** -6],
    ['BF16', -3.4028234663852886e38, Number.NEGATIVE_INFINITY],
    ['BF16', Number.NaN, Number.NaN],
  ])('%s of %d is %d: ties go to even, overflow to infinity', (dtype, value, expected) => {
    expect(rounded(dtype, value)).toBe(expected);
  });
});

describe('what cannot be written', () => {
  test.each<[string, Record<string, SafetensorsInput>]>([
    ['a reserved name', { __metadata__: { shape: [1], data: Float32Array.of(1) } }],
    ['a shape that does not hold the data', { a: { shape: [2], data: Float32Array.of(1) } }],
    ['a dtype of another array', { a: { dtype: 'F64', shape: [1], data: Float32Array.of(1) } }],
    ['a dtype that does not exist', { a: { dtype: JSON.parse('"F8"'), shape: [1], data: Float32Array.of(1) } }],
    ['a negative value as U64', { a: { dtype: 'U64', shape: [1], data: Int32Array.of(-1) } }],
    ['a BOOL of 2', { a: { dtype: 'BOOL', shape: [1], data: Uint8Array.of(2) } }],
  ])('%s', (_, tensors) => {
    expect(() => serializeSafetensors(tensors)).toThrow(ArgumentError);
  });
});

const fixtures = new URL('../../../shared/fixtures/', import.meta.url);
describe.skipIf(!existsSync(fixtures))('the fixtures in ../shared', () => {
  const found = existsSync(fixtures) ? readdirSync(fixtures).filter((name) => name.endsWith('.safetensors')) : [];
  test.each(found)('%s parses and survives a round trip', (name) => {
    const contents = parseSafetensors(readFileSync(new URL(name, fixtures)), name);
    expect(contents.tensors.size).toBeGreaterThan(10);
    const again = parseSafetensors(serializeSafetensors(contents.tensors, contents.metadata));
    expect(again.metadata).toEqual(contents.metadata);
    for (const [tensor, read] of contents.tensors) {
      const { dtype, shape, data } = again.tensors.get(tensor)!;
      expect({ dtype, shape }).toEqual({ dtype: read.dtype, shape: read.shape });
      expect(Buffer.from(data.buffer).equals(Buffer.from(read.data.buffer))).toBe(true);
    }
  });
});
