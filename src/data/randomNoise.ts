/** @file Random noise. */
import { ArgumentError } from '../errors.js';
import type { Transform } from './transform.js';

/** Adds to every value one drawn from N(0, std²), in units of the normalised data. */
export function randomNoise(std: number): Transform {
  if (!(Number.isFinite(std) && std >= 0)) {
    throw new ArgumentError(`randomNoise: std is ${std}, but must be finite and at least 0`);
  }
  return (batch, _, generator) => {
    for (let i = 0; i < batch.length; i++) batch[i]! += generator.normal(0, std);
  };
}
