/**
 * @file Moving cells.
 */
import type { ConcatPart, StridedLayout } from '../layouts.js';
import { allocate, at, generate, offsetsOf, type ReferenceStorage } from './storage.js';

export function gatherStrided(x: ReferenceStorage, { shape, strides, offset }: StridedLayout): ReferenceStorage {
  const source = offsetsOf(shape, strides, offset);
  return generate(source.length, x.dtype, (i) => at(x.values, at(source, i)));
}

export function scatterStrided(
  x: ReferenceStorage,
  { shape, strides, offset }: StridedLayout,
  length: number,
): ReferenceStorage {
  const target = offsetsOf(shape, strides, offset);
  const out = allocate(length, x.dtype);
  for (let i = 0; i < target.length; i++) out.values[at(target, i)] = at(x.values, i);
  return out;
}

export function concat(parts: readonly ConcatPart<ReferenceStorage>[], outer: number): ReferenceStorage {
  const width = parts.reduce((total, part) => total + part.inner, 0);
  const out = allocate(outer * width, parts[0]?.storage.dtype ?? 'float32');
  let column = 0;
  for (const { storage, inner } of parts) {
    for (let o = 0; o < outer; o++) {
      out.values.set(storage.values.subarray(o * inner, (o + 1) * inner), o * width + column);
    }
    column += inner;
  }
  return out;
}
