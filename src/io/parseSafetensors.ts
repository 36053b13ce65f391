/**
 * @file Reading safetensors (https://github.com/huggingface/safetensors), with every claim of the file checked:
 *
 *   uint64 header length | JSON header {name: {dtype, shape, data_offsets}, __metadata__: {…}} | data
 */
import { FormatError, shorten } from '../errors.js';
import { jsonKeys } from './jsonKeys.js';
import { SAFETENSORS_DTYPES, type SafetensorsArray, type SafetensorsDtype } from './safetensorsDtype.js';

export interface SafetensorsEntry {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Row-major. F16 and BF16 are float32 here, 64-bit integers int32 where all of them fit, BOOL 0 or 1. */
  readonly data: SafetensorsArray;
}

export interface SafetensorsContents {
  /** By name, in the order of the header. */
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Stricter than the format's 100 MB, because a parsed header takes up to thirty times its size. Enough for 100,000 tensors. */
const MAX_HEADER_BYTES = 2 ** 24;
/** A header has no more than three levels; the rest is for members that other programs may add. */
const MAX_HEADER_DEPTH = 8;
const LENGTH_BYTES = 8;
const METADATA = '__metadata__';

/** What the header says about one tensor, and where it says so. */
interface Declaration {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Offsets in the data section. */
  readonly begin: number;
  readonly end: number;
  /** The offset in the file of this entry's name. */
  readonly at: number;
}

/**
 * Reads a safetensors file into typed arrays, which are copies.
 *
 * @param file the name that errors give
 * @throws FormatError that names the offset and the rule: header length, JSON, names given twice, dtypes, shapes, offsets out
 *   of range, tensors that overlap, bytes that belong to no tensor
 */
export function parseSafetensors(bytes: Uint8Array, file = 'safetensors data'): SafetensorsContents {
  const header = readHeader(bytes, file);
  const dataStart = LENGTH_BYTES + header.bytes;
  const declarations: Declaration[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of Object.entries(header.json)) {
    const at = header.positions.get(name) ?? LENGTH_BYTES;
    if (name === METADATA) metadata = checkMetadata(value, file, at);
    else declarations.push(checkDeclaration(name, value, bytes.length - dataStart, file, at));
  }
  checkCoverage(declarations, bytes.length - dataStart, file, dataStart);
  const tensors = new Map(
    declarations.map((declaration) => [declaration.name, readEntry(declaration, bytes, file, dataStart)]),
  );
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array, file: string) {
  if (bytes.length < LENGTH_BYTES) {
    throw new FormatError(file, bytes.length, 'expected an 8-byte header length, but the file ends');
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw new FormatError(file, 0, `expected a header of at most ${MAX_HEADER_BYTES} bytes, but it says ${length}`);
  }
  const headerBytes = Number(length);
  if (LENGTH_BYTES + headerBytes > bytes.length) {
    throw new FormatError(file, bytes.length, `expected a header of ${length} bytes, but the file ends`);
  }
  const text = decodeText(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + headerBytes), file);
  // Names come before values, because JSON.parse would spend memory on a header nested millions deep.
  const positions = keyPositions(text, file);
  return { json: parseObject(text, file), positions, bytes: headerBytes };
}

function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FormatError(file, LENGTH_BYTES, 'expected a header in UTF-8');
  }
}

function parseObject(text: string, file: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(file, LENGTH_BYTES, `expected a JSON header (${shorten(String(cause))})`);
  }
  if (isRecord(json)) return json;
  throw new FormatError(file, LENGTH_BYTES, 'expected the header to be a JSON object');
}

/** The file offset of each top-level name. */
function keyPositions(text: string, file: string): Map<string, number> {
  const positions = new Map<string, number>();
  const encoder = new TextEncoder();
  let offset = LENGTH_BYTES;
  let counted = 0;
  try {
    for (const { key, index, depth, repeated } of jsonKeys(text, MAX_HEADER_DEPTH)) {
      offset += encoder.encode(text.slice(counted, index)).length;
      counted = index;
      if (repeated) throw new FormatError(file, offset, `the name ${quote(key)} is given twice`);
      if (depth === 1) positions.set(key, offset);
    }
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(file, offset, `expected a JSON header (${shorten(String(cause))})`);
  }
  return positions;
}

function checkMetadata(value: unknown, file: string, at: number): Readonly<Record<string, string>> {
  const isStrings = (record: object): record is Readonly<Record<string, string>> =>
    Object.values(record).every((item) => typeof item === 'string');
  if (isRecord(value) && isStrings(value)) return value;
  throw new FormatError(file, at, `expected ${METADATA} to be an object of strings`);
}

function checkDeclaration(name: string, value: unknown, dataBytes: number, file: string, at: number): Declaration {
  const fail = (expectation: string): never => {
    throw new FormatError(file, at, `tensor ${quote(name)}: ${expectation}`);
  };
  if (!isRecord(value)) return fail('expected an object with dtype, shape and data_offsets');
  const { dtype, shape, data_offsets: offsets } = value;
  const codec = typeof dtype === 'string' ? SAFETENSORS_DTYPES.get(dtype) : undefined;
  if (!codec) return fail(`dtype ${quote(dtype)} is none of ${[...SAFETENSORS_DTYPES.keys()].join(', ')}`);
  if (!isSizes(shape)) return fail(`expected a shape of non-negative integers, but found ${quote(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2) {
    return fail(`expected two data_offsets, non-negative integers, but found ${quote(offsets)}`);
  }
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > dataBytes) {
    return fail(`data_offsets [${begin}, ${end}] don't lie in order within the ${dataBytes} bytes of data`);
  }
  // A product beyond all numbers times an empty axis would be NaN.
  const needed = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, codec.bytes);
  if (needed !== end - begin) {
    return fail(`${dtype} of shape ${quote(shape)} needs ${needed} bytes, but data_offsets give ${end - begin}`);
  }
  return { name, dtype: dtype as SafetensorsDtype, shape, begin, end, at };
}

/** Every byte of the data belongs to exactly one tensor, as the format demands. */
function checkCoverage(declarations: readonly Declaration[], dataBytes: number, file: string, dataStart: number): void {
  const ordered = declarations.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  let previous = '';
  for (const { name, begin, end, at } of ordered) {
    if (begin < covered) throw new FormatError(file, at, `tensor ${quote(name)} overlaps tensor ${quote(previous)}`);
    if (begin > covered) break;
    covered = end;
    previous = name;
  }
  if (covered !== dataBytes) {
    throw new FormatError(file, dataStart + covered, 'expected data of a tensor, but these bytes belong to none');
  }
}

function readEntry(declaration: Declaration, bytes: Uint8Array, file: string, dataStart: number): SafetensorsEntry {
  const { name, dtype, shape, begin, end } = declaration;
  // Not bytes.slice(): a Node Buffer, which is a Uint8Array too, would return a view there.
  const raw = Uint8Array.prototype.slice.call(bytes, dataStart + begin, dataStart + end);
  if (dtype === 'BOOL') {
    const stray = raw.findIndex((value) => value > 1);
    if (stray >= 0) {
      const found = `expected a BOOL to be 0 or 1, but found ${raw[stray]}`;
      throw new FormatError(file, dataStart + begin + stray, `tensor ${quote(name)}: ${found}`);
    }
  }
  return { dtype, shape, data: SAFETENSORS_DTYPES.get(dtype)!.decode(raw.buffer) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** For messages: JSON, cut where a hostile file would make it long. */
function quote(value: unknown): string {
  return shorten(JSON.stringify(value) ?? 'nothing');
}
