/** @file Random values as the procedural data sets want them. */
import type { Generator } from '../tensor/generator.js';

/** A value from [low, high). */
export function between(generator: Generator, [low, high]: readonly [number, number]): number {
  return low + (high - low) * generator.uniform();
}

/** The sum of four random bytes, shifted and scaled to mean 0 and deviation 1: close to normal, and one draw. */
export function approximateNormal(generator: Generator): number {
  const word = generator.nextUint32();
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  return (sum - 510) / 147.8;
}
