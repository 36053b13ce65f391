/**
 * @file The element types of safetensors, and how each is read into and written from a typed array.
 *
 * Typed arrays have the machine's byte order; every engine in use runs little-endian, which is safetensors' order too.
 */
import { bfloat16ToFloat, floatToBfloat16, floatToHalf, halfToFloat } from './halfPrecision.js';

export type SafetensorsDtype =
  | 'F64'
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'I64'
  | 'U64'
  | 'I32'
  | 'U32'
  | 'I16'
  | 'U16'
  | 'I8'
  | 'U8'
  | 'BOOL';

export type SafetensorsArray =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

interface Codec {
  /** Bytes per element. */
  readonly bytes: number;
  /** Takes over the buffer, whose length is a multiple of `bytes`. */
  readonly decode: (buffer: ArrayBuffer) => SafetensorsArray;
  /** The array to write, or nothing if this dtype can't hold `data`. */
  readonly encode: (data: SafetensorsArray) => SafetensorsArray | undefined;
}

/** Every dtype that is read and written. F16 and BF16 become float32; 64-bit integers become int32 where all fit. */
export const SAFETENSORS_DTYPES: ReadonlyMap<string, Codec> = new Map<SafetensorsDtype, Codec>([
  ['F64', plain(Float64Array)],
  ['F32', plain(Float32Array)],
  ['F16', half(halfToFloat, floatToHalf)],
  ['BF16', half(bfloat16ToFloat, floatToBfloat16)],
  ['I64', wide(BigInt64Array)],
  ['U64', wide(BigUint64Array)],
  ['I32', plain(Int32Array)],
  ['U32', plain(Uint32Array)],
  ['I16', plain(Int16Array)],
  ['U16', plain(Uint16Array)],
  ['I8', plain(Int8Array)],
  ['U8', plain(Uint8Array)],
  ['BOOL', plain(Uint8Array)],
]);

/** The dtype that holds an array as it is. */
export function naturalDtype(data: SafetensorsArray): SafetensorsDtype {
  const name = data.constructor.name;
  const bits = 8 * data.BYTES_PER_ELEMENT;
  if (name.startsWith('Float')) return bits === 64 ? 'F64' : 'F32';
  return `${name.includes('Uint') ? 'U' : 'I'}${bits}` as SafetensorsDtype;
}

interface ArrayType<T extends SafetensorsArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): T;
}

function plain<T extends SafetensorsArray>(Type: ArrayType<T>): Codec {
  return {
    bytes: Type.BYTES_PER_ELEMENT,
    decode: (buffer) => new Type(buffer),
    encode: (data) => (data instanceof Type ? data : undefined),
  };
}

function half(toFloat: (bits: number) => number, fromFloat: (value: number) => number): Codec {
  return {
    bytes: 2,
    decode: (buffer) => Float32Array.from(new Uint16Array(buffer), toFloat),
    encode: (data) => (data instanceof Float32Array ? Uint16Array.from(data, fromFloat) : undefined),
  };
}

type WideArray = BigInt64Array | BigUint64Array;

function wide<T extends WideArray>(Type: ArrayType<T> & { from(values: bigint[]): T }): Codec {
  return {
    bytes: 8,
    decode: (buffer) => {
      const values: WideArray = new Type(buffer);
      return values.every((value: bigint) => BigInt.asIntN(32, value) === value)
        ? Int32Array.from(values, Number)
        : values;
    },
    encode: (data) => {
      if (data instanceof Type) return data;
      if (!(data instanceof Int32Array)) return undefined;
      const values = Type.from(Array.from(data, BigInt));
      // A negative integer wraps around in an unsigned array.
      return data.every((value, index) => BigInt(value) === values[index]) ? values : undefined;
    },
  };
}
