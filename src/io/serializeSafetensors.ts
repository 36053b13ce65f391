/** @file Writing safetensors: the same tensors and metadata give the same bytes. */
import { ArgumentError } from '../errors.js';
import { naturalDtype, SAFETENSORS_DTYPES, type SafetensorsArray, type SafetensorsDtype } from './safetensorsDtype.js';

/** A tensor to be written; without `dtype`, the one of its array. */
export interface SafetensorsInput {
  readonly dtype?: SafetensorsDtype | undefined;
  readonly shape: readonly number[];
  readonly data: SafetensorsArray;
}

type Named<T> = Readonly<Record<string, T>> | ReadonlyMap<string, T>;

interface Encoded {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly elementBytes: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * The bytes of a safetensors file. Tensors are ordered by element size, largest first, then by name: with a header that is
 * padded to 8 bytes, each is aligned to its own element size without gaps, which the format forbids.
 *
 * @throws ArgumentError if a shape doesn't hold its data, a dtype can't hold them, or a name is reserved
 */
export function serializeSafetensors(tensors: Named<SafetensorsInput>, metadata: Named<string> = {}): Uint8Array {
  const encoded = entriesOf(tensors).map(([name, input]) => encode(name, input));
  encoded.sort((a, b) => b.elementBytes - a.elementBytes || compareNames(a.name, b.name));
  const header = writeHeader(encoded, entriesOf(metadata));
  const dataBytes = encoded.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const file = new Uint8Array(8 + header.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  let at = 8 + header.length;
  for (const { bytes } of encoded) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** Written member by member, since an object would put names that look like integers first. */
function writeHeader(encoded: readonly Encoded[], metadata: [string, string][]): Uint8Array {
  const members: string[] = [];
  if (metadata.length > 0) {
    const sorted = metadata.toSorted(([a], [b]) => compareNames(a, b));
    members.push(`"__metadata__":{${sorted.map((pair) => pair.map((text) => JSON.stringify(text)).join(':'))}}`);
  }
  let begin = 0;
  for (const { name, dtype, shape, bytes } of encoded) {
    const end = begin + bytes.length;
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`);
    begin = end;
  }
  const json = new TextEncoder().encode(`{${members.join()}}`);
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(' '.charCodeAt(0));
  padded.set(json);
  return padded;
}

function encode(name: string, { dtype: wanted, shape, data }: SafetensorsInput): Encoded {
  const where = `serializeSafetensors: tensor ${JSON.stringify(name)}`;
  if (name === '__metadata__') throw new ArgumentError(`${where}: this name is reserved by the format`);
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length || !shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new ArgumentError(`${where}: shape [${shape}] doesn't hold ${data.length} values`);
  }
  const dtype = wanted ?? naturalDtype(data);
  const codec = SAFETENSORS_DTYPES.get(dtype);
  const array = codec?.encode(data);
  if (!codec || !array) throw new ArgumentError(`${where}: dtype ${dtype} can't hold a ${data.constructor.name}`);
  if (dtype === 'BOOL' && !array.every((value: number | bigint) => value === 0 || value === 1)) {
    throw new ArgumentError(`${where}: a BOOL is 0 or 1`);
  }
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return { name, dtype, elementBytes: codec.bytes, shape, bytes };
}

function entriesOf<T>(named: Named<T>): [string, T][] {
  return named instanceof Map ? [...named] : Object.entries(named);
}

/** By UTF-16 code units: unlike localeCompare, the same everywhere. */
function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
