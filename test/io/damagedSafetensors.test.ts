import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { parseSafetensors } from '../../src/io/parseSafetensors.js';
import { serializeSafetensors } from '../../src/io/serializeSafetensors.js';
import { entry, fileOf } from '../support/safetensorsFile.js';

describe('a damaged file', () => {
  const sound = serializeSafetensors(
    { a: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }, b: { shape: [], data: Int32Array.of(7) } },
    { epoch: '3' },
  );

  /** Parses, and passes only if that works or throws the documented error. */
  function parseOrFormatError(bytes: Uint8Array): void {
    try {
      parseSafetensors(bytes, 'damaged.safetensors');
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      const { file, offset, message } = error as FormatError;
      expect(file).toBe('damaged.safetensors');
      expect(message).toContain(`damaged.safetensors, byte ${offset}: `);
      expect(offset >= 0 && offset <= bytes.length).toBe(true);
    }
  }

  test('cut at any length is refused', () => {
    for (let length = 0; length < sound.length; length++) {
      expect(() => parseSafetensors(sound.subarray(0, length))).toThrow(FormatError);
    }
  });

  test.prop([fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })], {
    numRuns: 5000,
  })('with random bytes changed gives a result or a FormatError', (changes) => {
    const bytes = sound.slice();
    for (const [at, value] of changes) bytes[at] = value;
    parseOrFormatError(bytes);
  });

  test.prop([fc.uint8Array({ maxLength: 200 })], { numRuns: 1000 })('random bytes', parseOrFormatError);

  test.prop([fc.json(), fc.uint8Array({ maxLength: 20 })], { numRuns: 1000 })('any JSON as header', (header, data) => {
    parseOrFormatError(fileOf(header, data));
  });

  const numbers = fc.oneof(fc.nat(12), fc.constantFrom(-1, 0.5, 2 ** 53, 1e308, 2 ** 32));
  test.prop(
    [
      fc.dictionary(
        fc.constantFrom('a', 'b', '__metadata__'),
        fc.record(
          {
            dtype: fc.constantFrom('F32', 'U8', 'BOOL', 'F8', 'constructor', 3),
            shape: fc.oneof(fc.array(numbers, { maxLength: 3 }), fc.constant('shape')),
            data_offsets: fc.array(numbers, { maxLength: 3 }),
          },
          { requiredKeys: [] },
        ),
      ),
      fc.uint8Array({ maxLength: 12 }),
    ],
    { numRuns: 5000 },
  )('nearly right headers', (header, data) => parseOrFormatError(fileOf(header, data)));

  const four = [1, 2, 3, 4];
  test.each<[string, Uint8Array, RegExp]>([
    [
      'a header longer than the file',
      Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123),
      /byte 9: expected a header of 9 bytes/,
    ],
    ['an absurd header length', new Uint8Array(16).fill(255), /byte 0: expected a header of at most 16777216 bytes/],
    ['a header that is an array', fileOf('[]'), /byte 8: expected the header to be a JSON object/],
    ['a header that is no JSON', fileOf('{"a":}'), /byte 8: expected a JSON header/],
    [
      'a header that is not UTF-8',
      Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe),
      /byte 8: expected a header in UTF-8/,
    ],
    ['a header nested a million deep', fileOf('['.repeat(1e6) + ']'.repeat(1e6)), /nested deeper than 8 levels/],
    ['a name without an end, full of escaped quotes', fileOf(`{"${'\\"'.repeat(4e6)}`), /expected a JSON header/],
    ['a name of ten million characters', fileOf(`{"${'a'.repeat(1e7)}":1}`), /tensor "a+….*expected an object/],
    [
      'a size beyond all numbers beside an empty axis',
      fileOf(`{"a":{"dtype":"U8","shape":[${[...Array(40).fill(2 ** 52), 0]}],"data_offsets":[0,1]}}`, [1]),
      /needs 0 bytes, but data_offsets give 1/,
    ],
    ['a shape nested deep', fileOf(`{"a":{"shape":${'['.repeat(20)}${']'.repeat(20)}}}`), /nested deeper than 8/],
    ['metadata that are no strings', fileOf({ __metadata__: { epoch: 3 } }), /byte 9: expected __metadata__ to be/],
    [
      'a dtype nobody knows',
      fileOf({ a: entry('F8', [4], 0, 4) }, four),
      /byte 9: tensor "a": dtype "F8" is none of F64, F32/,
    ],
    ['a negative size', fileOf({ a: entry('U8', [-4], 0, 4) }, four), /tensor "a": expected a shape of non-negative/],
    ['a size that overflows', fileOf({ a: entry('U8', [2 ** 52, 2 ** 52], 0, 4) }, four), /needs .*e\+31 bytes/],
    ['three offsets', fileOf({ a: { dtype: 'U8', shape: [4], data_offsets: [0, 4, 4] } }, four), /two data_offsets/],
    ['offsets in reverse', fileOf({ a: entry('U8', [0], 4, 0) }, four), /don't lie in order within the 4 bytes/],
    ['offsets beyond the file', fileOf({ a: entry('U8', [5], 0, 5) }, four), /don't lie in order within the 4 bytes/],
    [
      'bytes unlike the shape',
      fileOf({ a: entry('F32', [2], 0, 4) }, four),
      /F32 of shape \[2\] needs 8 bytes, but .* give 4/,
    ],
    ['a BOOL of 2', fileOf({ a: entry('BOOL', [4], 0, 4) }, [0, 1, 2, 0]), /tensor "a": expected a BOOL to be 0 or 1/],
    [
      'overlap',
      fileOf({ a: entry('U8', [3], 0, 3), b: entry('U8', [2], 2, 4) }, four),
      /tensor "b" overlaps tensor "a"/,
    ],
    ['a gap', fileOf({ a: entry('U8', [1], 0, 1), b: entry('U8', [2], 2, 4) }, four), /these bytes belong to none/],
    ['bytes after the last tensor', fileOf({ a: entry('U8', [3], 0, 3) }, four), /these bytes belong to none/],
  ])('%s', (_, bytes, message) => {
    expect(() => parseSafetensors(bytes, 'bad')).toThrow(FormatError);
    expect(() => parseSafetensors(bytes, 'bad')).toThrow(message);
  });

  test('a name given twice is refused at its second place, also in escapes', () => {
    const first = '{"ä":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},';
    const header = `${first}"\\u00e4":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`;
    const offset = 8 + new TextEncoder().encode(first).length;
    expect(() => parseSafetensors(fileOf(header, [1, 2]), 'twice')).toThrow(
      `twice, byte ${offset}: the name "ä" is given twice`,
    );
  });

  test('a field given twice is refused', () => {
    const header = '{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
    expect(() => parseSafetensors(fileOf(header, [1]))).toThrow('the name "dtype" is given twice');
  });
});
