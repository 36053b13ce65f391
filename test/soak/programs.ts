/**
 * @file Random programs.
 */
import fc from 'fast-check';
import { scope } from '../../src/index.js';
import { binary, unary, where, withNumber } from './families/elementwise.js';
import type { Genes } from './families/gene.js';
import { movement, reductions } from './families/movement.js';
import { pools } from './families/pools.js';
import { products } from './families/products.js';
import { training } from './families/training.js';
import type { InputKind, Program, Style } from './program.js';
import { ProgramBuilder } from './programBuilder.js';

const genes: Genes = fc.oneof(
  { weight: 3, arbitrary: unary },
  { weight: 2, arbitrary: withNumber },
  { weight: 3, arbitrary: binary },
  { weight: 1, arbitrary: where },
  { weight: 4, arbitrary: movement },
  { weight: 3, arbitrary: reductions },
  { weight: 4, arbitrary: products },
  { weight: 6, arbitrary: pools },
  { weight: 3, arbitrary: training },
);

const kinds: fc.Arbitrary<InputKind> = fc.oneof(
  { weight: 10, arbitrary: fc.constant<InputKind>('ordinary') },
  { weight: 5, arbitrary: fc.constant<InputKind>('ties') },
  { weight: 3, arbitrary: fc.constantFrom<InputKind>('zeros', 'tiny', 'huge', 'NaN', 'infinities') },
);

/** What is special about a value says little about its derivatives: with NaN and infinities, values alone are compared. */
const valuesOnly: readonly InputKind[] = ['NaN', 'infinities'];

/** Programs of up to `maxSteps` steps, not counting those that make operands fit. */
export function programs({ maxSteps = 6 }: { readonly maxSteps?: number } = {}): fc.Arbitrary<Program> {
  return fc
    .record({
      genes: fc.array(genes, { minLength: 1, maxLength: maxSteps, size: 'max' }),
      inputs: kinds,
      seed: fc.nat({ max: 99_999 }),
      order: fc.constantFrom<Program['order']>(0, 1, 2, 2),
      style: fc.constantFrom<Style>('gradients', 'grad', 'backward'),
    })
    .map(({ genes, inputs, seed, order, style }) =>
      scope(() => {
        const builder = new ProgramBuilder(inputs, seed);
        for (const gene of genes) gene(builder);
        return builder.build({ order: valuesOnly.includes(inputs) ? 0 : order, style });
      }),
    );
}
