/**
 * @file The random generators that a model draws from while it trains.
 */
import type { Module } from '../nn/module.js';
import { Generator } from '../tensor/generator.js';
import { defaultGenerator } from '../tensor/random.js';

/** The name of the generator that `manualSeed` seeds. */
const DEFAULT = 'default';

/**
 * Generators in public properties of the model's modules, by path, such as `layer2.0.pool/generator`, and the default one as
 * `default`. One that several modules share is there under each name.
 */
export function namedGenerators(model: Module): Map<string, Generator> {
  const found = new Map<string, Generator>([[DEFAULT, defaultGenerator]]);
  for (const [path, module] of model.namedModules()) {
    for (const [name, value] of Object.entries(module)) {
      if (value instanceof Generator) found.set(`${path}/${name}`, value);
    }
  }
  return found;
}
