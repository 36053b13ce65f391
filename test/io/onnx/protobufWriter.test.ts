import { describe, expect, test } from 'vitest';
import { ProtobufWriter } from '../../../src/io/onnx/protobufWriter.js';

const hex = (writer: ProtobufWriter): string => Buffer.from(writer.finish()).toString('hex');

/** The examples of https://protobuf.dev/programming-guides/encoding, and the ends of the ranges. */
describe('the bytes of a protocol buffer', () => {
  test.each([
    [0, '0800'],
    [1, '0801'],
    [127, '087f'],
    [128, '088001'],
    [150, '089601'],
    [-1, '08ffffffffffffffffff01'],
    [-2, '08feffffffffffffffff01'],
    [2n ** 63n - 1n, '08ffffffffffffffff7f'],
    [-(2n ** 63n), '0880808080808080808001'],
  ])('int %s in field 1', (value, bytes) => {
    expect(hex(new ProtobufWriter().int(1, value))).toBe(bytes);
  });

  test('a string in field 2, and one beyond ASCII', () => {
    expect(hex(new ProtobufWriter().string(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(new ProtobufWriter().string(2, 'β'))).toBe('1202ceb2');
  });

  test('a float is little-endian', () => {
    expect(hex(new ProtobufWriter().float(1, 1))).toBe('0d0000803f');
  });

  test('a field number above 15 takes two bytes', () => {
    expect(hex(new ProtobufWriter().int(20, 7))).toBe('a00107');
  });

  test('messages nest, and repeated fields follow each other', () => {
    const writer = new ProtobufWriter()
      .message(3, (inner) => inner.int(1, 150))
      .message(3, (inner) => inner.message(1, () => {}));
    expect(hex(writer)).toBe('1a03089601' + '1a020a00');
    expect(writer.length).toBe(9);
  });

  test('a long message has a long length', () => {
    const bytes = new ProtobufWriter().message(1, (inner) => inner.bytes(1, new Uint8Array(200))).finish();
    expect([...bytes.subarray(0, 6)]).toEqual([0x0a, 0xcb, 0x01, 0x0a, 0xc8, 0x01]);
    expect(bytes).toHaveLength(206);
  });
});
