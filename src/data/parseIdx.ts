/**
 * @file The IDX format of MNIST (http://yann.lecun.com/exdb/mnist/), big-endian throughout:
 *
 *   0, 0, element type, rank | rank × uint32 sizes | elements in row-major order
 */
import { FormatError, shorten } from '../errors.js';

type IdxArray = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

export interface IdxData {
  readonly shape: readonly number[];
  readonly data: IdxArray;
}

interface ElementType {
  readonly bytes: number;
  readonly allocate: (length: number) => IdxArray;
  readonly read: (view: DataView, offset: number) => number;
}

const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map([
  [0x08, { bytes: 1, allocate: (length) => new Uint8Array(length), read: (view, at) => view.getUint8(at) }],
  [0x09, { bytes: 1, allocate: (length) => new Int8Array(length), read: (view, at) => view.getInt8(at) }],
  [0x0b, { bytes: 2, allocate: (length) => new Int16Array(length), read: (view, at) => view.getInt16(at) }],
  [0x0c, { bytes: 4, allocate: (length) => new Int32Array(length), read: (view, at) => view.getInt32(at) }],
  [0x0d, { bytes: 4, allocate: (length) => new Float32Array(length), read: (view, at) => view.getFloat32(at) }],
  [0x0e, { bytes: 8, allocate: (length) => new Float64Array(length), read: (view, at) => view.getFloat64(at) }],
] satisfies [number, ElementType][]);

/**
 * Reads an uncompressed IDX file.
 *
 * @param file the name that errors give
 * @throws FormatError that names the offset, what was expected and what was found
 */
export function parseIdx(bytes: Uint8Array, file = 'IDX data'): IdxData {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4)
    throw new FormatError(file, bytes.length, 'expected a 4-byte IDX magic number, but the file ends');
  if (view.getUint16(0) !== 0) {
    throw new FormatError(file, 0, `expected two zero bytes of an IDX magic number, but found ${view.getUint16(0)}`);
  }
  const type = ELEMENT_TYPES.get(view.getUint8(2));
  if (!type) throw new FormatError(file, 2, `unknown IDX element type ${view.getUint8(2)}`);
  const shape = readShape(view, file);

  const start = 4 + 4 * shape.length;
  // A product beyond all numbers times an empty axis would be NaN.
  const length = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  const end = start + length * type.bytes;
  if (bytes.length !== end) {
    throw new FormatError(
      file,
      Math.min(bytes.length, end),
      `sizes [${shorten(shape.join())}] need a file of ${end} bytes, but it has ${bytes.length}`,
    );
  }
  const data = type.allocate(length);
  for (let i = 0; i < length; i++) data[i] = type.read(view, start + i * type.bytes);
  return { shape, data };
}

function readShape(view: DataView, file: string): number[] {
  const rank = view.getUint8(3);
  if (rank === 0) throw new FormatError(file, 3, 'expected at least one dimension, but the rank is 0');
  if (view.byteLength < 4 + 4 * rank) {
    throw new FormatError(file, view.byteLength, `expected ${rank} sizes of 4 bytes, but the file ends`);
  }
  return Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
}
