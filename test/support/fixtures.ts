import { readFileSync } from 'node:fs';
import type { Shape } from '../../src/index.js';
import { parseSafetensors } from '../../src/io/parseSafetensors.js';

export interface FixtureTensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** One case of a file: its attributes, and its tensors by name. */
export interface FixtureCase<Attributes> {
  readonly title: string;
  readonly attributes: Attributes & { readonly op: string };
  /** @throws Error if the case has no such tensor */
  readonly get: (name: string) => FixtureTensor;
  readonly has: (name: string) => boolean;
}

/** The cases that PyTorch computed, in a file of `test/fixtures`. */
export function fixtureCases<Attributes>(file: string): FixtureCase<Attributes>[] {
  const bytes = readFileSync(new URL(`../fixtures/${file}`, import.meta.url));
  const { tensors, metadata } = parseSafetensors(bytes, file);
  const cases = JSON.parse(metadata.cases ?? '[]') as (Attributes & { readonly id: number; readonly op: string })[];
  return cases.map((attributes) => ({
    title: JSON.stringify(attributes),
    attributes,
    has: (name) => tensors.has(`${attributes.id}.${name}`),
    get: (name) => {
      const found = tensors.get(`${attributes.id}.${name}`);
      if (!found) throw new Error(`${file} has no tensor ${attributes.id}.${name}`);
      return { shape: found.shape, data: Float64Array.from(found.data, Number) };
    },
  }));
}
