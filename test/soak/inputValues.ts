/**
 * @file Values of a program's inputs.
 */
import { Generator } from '../../src/index.js';
import type { InputKind } from './program.js';

const kinds: Readonly<Record<InputKind, (generator: Generator) => number>> = {
  ordinary: (generator) => generator.uniform() * 4 - 2,
  ties: (generator) => generator.integer(9) / 2 - 2,
  zeros: (generator) => (generator.bernoulli(0.6) ? 0 : generator.integer(5) - 2),
  tiny: (generator) => (generator.uniform() - 0.5) * 10 ** -generator.integer(20),
  huge: (generator) => (generator.uniform() - 0.5) * 10 ** generator.integer(20),
  NaN: (generator) => (generator.bernoulli(0.1) ? Number.NaN : generator.uniform() * 4 - 2),
  infinities: (generator) =>
    generator.bernoulli(0.1) ? (generator.bernoulli(0.5) ? Infinity : -Infinity) : generator.uniform() * 4 - 2,
};

/** `count` float32 numbers of a kind. */
export function inputValues(kind: InputKind, count: number, seed: number): Float32Array {
  const generator = new Generator(seed);
  return Float32Array.from({ length: count }, () => kinds[kind](generator));
}

/** What is asked of an input's values, whatever the kind. */
export type Domain = 'any' | 'positive' | 'exponent';

/** Values for an input that has to be of a domain: variances, for instance, aren't negative. */
export function restricted(values: Float32Array, domain: Domain): Float32Array {
  if (domain === 'any') return values;
  const least = domain === 'positive' ? 0.125 : 0.5;
  return values.map((value) => Math.min(Math.abs(value), 4) + least);
}
