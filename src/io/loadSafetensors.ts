/** @file Tensors from a safetensors file. */
import { nodeFiles } from '../data/files.js';
import { ArgumentError } from '../errors.js';
import type { BackendName, DType } from '../kernels/kernels.js';
import { tensor } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';
import { parseSafetensors, type SafetensorsEntry } from './parseSafetensors.js';

export interface LoadOptions {
  /** Converts every tensor; otherwise F64 becomes float64 (which needs the reference backend), all else float32. */
  readonly dtype?: DType | undefined;
  /** Default: the active backend. */
  readonly backend?: BackendName | undefined;
}

/**
 * Reads the tensors of a safetensors file, by name.
 *
 * @param source a path (in Node) or the bytes themselves
 * @throws FormatError if the file is damaged; ArgumentError if an integer has no exact float32, and then
 *   `parseSafetensors` reads it
 */
export async function loadSafetensors(
  source: string | URL | Uint8Array,
  options: LoadOptions = {},
): Promise<Record<string, Tensor>> {
  const [bytes, file] =
    source instanceof Uint8Array
      ? [source, 'safetensors data']
      : [await nodeFiles('loadSafetensors').readFile(source), String(source)];
  const { tensors } = parseSafetensors(bytes, file);
  // Everything is checked before the first tensor is made, so that an error leaves none behind.
  const converted = Array.from(tensors, ([name, entry]) => ({ name, entry, values: toFloats(name, entry) }));
  return Object.fromEntries(
    converted.map(({ name, entry: { dtype, shape }, values }) => {
      const own = dtype === 'F64' ? 'float64' : 'float32';
      return [name, tensor(values, { shape, dtype: options.dtype ?? own, backend: options.backend })];
    }),
  );
}

function toFloats(name: string, { dtype, data }: SafetensorsEntry): Float32Array | Float64Array {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  const floats = new Float32Array(data.length);
  data.forEach((value: number | bigint, index: number) => {
    floats[index] = Number(value);
    if (BigInt(value) !== BigInt(floats[index]!)) {
      throw new ArgumentError(
        `loadSafetensors: tensor ${JSON.stringify(name)} (${dtype}) holds ${value}, which float32 can't; ` +
          'read it with parseSafetensors',
      );
    }
  });
  return floats;
}
