/** @file Tensors into a safetensors file. */
import { Tensor } from '../tensor/tensor.js';
import { type SafetensorsInput, serializeSafetensors } from './serializeSafetensors.js';
import { writeFileAtomically } from './writeFileAtomically.js';

/**
 * Writes tensors (or typed arrays with a shape) to a safetensors file; the file at `path` is either the old or the whole new
 * one at every moment.
 *
 * @throws ArgumentError if something can't be written as safetensors; Error if the file can't be written
 */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor | SafetensorsInput>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const inputs = await Promise.all(
    Object.entries(tensors).map(async ([name, value]) => {
      const input = value instanceof Tensor ? { shape: value.shape, data: await value.data() } : value;
      return [name, input] as const;
    }),
  );
  await writeFileAtomically('saveSafetensors', path, serializeSafetensors(new Map(inputs), metadata));
}
