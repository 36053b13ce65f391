/**
 * @file Safetensors files: any bytes, and headers that are JSON and claim what isn't so.
 */
import fc from 'fast-check';
import { parseSafetensors, type SafetensorsContents, serializeSafetensors } from '../../../src/io/index.js';
import { SAFETENSORS_DTYPES } from '../../../src/io/safetensorsDtype.js';
import { complaintAboutFormat } from '../documentedErrors.js';
import { demand, fuzzTarget } from '../fuzzTarget.js';
import { hostileInteger, rarely } from '../hostileValues.js';
import { hostileBytes } from '../mutateBytes.js';
import { mutatedJson } from '../mutateJson.js';

const FILE = 'weights.safetensors';

const FILES = [
  serializeSafetensors({}),
  serializeSafetensors({ weight: { shape: [2, 3], data: new Float32Array(6) } }, { format: 'pt' }),
  serializeSafetensors({
    ...{ a: { shape: [1], data: Float64Array.of(1) }, b: { shape: [0, 4], data: new Float32Array() } },
    ...{ c: { dtype: 'BOOL', shape: [3], data: Uint8Array.of(0, 1, 1) }, d: { shape: [], data: Int32Array.of(7) } },
    ...{
      e: { dtype: 'BF16', shape: [2], data: Float32Array.of(1, 2) },
      f: { shape: [1], data: BigInt64Array.of(-1n) },
    },
  }),
];

/** What must hold of everything that was read from `bytes`. */
export function demandTensors({ tensors, metadata }: SafetensorsContents, bytes: Uint8Array): void {
  let total = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    const size = shape.reduce((product, length) => product * length, 1);
    demand(size === data.length, `tensor ${name} has ${data.length} values for the shape [${shape}]`);
    demand(
      shape.every((length) => Number.isSafeInteger(length) && length >= 0),
      `tensor ${name} has a wrong shape`,
    );
    demand(data.buffer !== bytes.buffer, `tensor ${name} is a view of the file`);
    total += size * (SAFETENSORS_DTYPES.get(dtype)?.bytes ?? Number.NaN);
  }
  demand(total <= bytes.length, `tensors have ${total} bytes, the file ${bytes.length}`);
  demand(
    Object.values(metadata).every((value) => typeof value === 'string'),
    'metadata are not texts',
  );
  demand(Object.getPrototypeOf(metadata) === Object.prototype, 'metadata have another prototype');
  const again = parseSafetensors(serializeSafetensors(tensors, metadata));
  demand(again.tensors.size === tensors.size, 'writing what was read loses a tensor');
}

const read = (bytes: Uint8Array): void => demandTensors(parseSafetensors(bytes, FILE), bytes);
const complaint = (error: unknown, bytes: Uint8Array): string | undefined =>
  complaintAboutFormat(error, FILE, bytes.length);

/** Files of arbitrary bytes. */
export const safetensorsBytes = fuzzTarget({
  ...{ name: 'safetensors', cases: 100_000, inputs: hostileBytes(FILES), read, complaint },
  bytes: (bytes) => bytes,
});

const HEADERS = [
  { weight: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] } },
  {
    __metadata__: { format: 'pt', note: 'ä' },
    a: { dtype: 'F64', shape: [1, 2], data_offsets: [0, 16] },
    b: { dtype: 'U8', shape: [8], data_offsets: [16, 24] },
  },
  {
    a: { dtype: 'F16', shape: [4], data_offsets: [0, 8] },
    b: { dtype: 'I64', shape: [1], data_offsets: [8, 16] },
    c: { dtype: 'BOOL', shape: [0], data_offsets: [16, 16] },
    d: { dtype: 'U16', shape: [2, 2], data_offsets: [16, 24] },
  },
];

/** The file of a header, 24 bytes of data, and perhaps another length than the header has. */
function fileOf(header: string, length: bigint | undefined): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + 24);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

/** Files whose header is JSON of the right length, mostly. */
export const safetensorsHeaders = fuzzTarget({
  ...{ name: 'safetensors-header', cases: 100_000, read, complaint },
  inputs: fc.tuple(mutatedJson(HEADERS), rarely(hostileInteger)).map(([header, length]) => fileOf(header, length)),
  bytes: (bytes) => bytes,
});
