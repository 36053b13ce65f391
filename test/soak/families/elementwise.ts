/** @file Functions of one and of two operands, with broadcasting, and choices between them. */
import fc from 'fast-check';
import type { Shape } from '../../../src/index.js';
import { broadcastablePairs } from '../../../src/testing/arbitraries/shapes.js';
import type { Ref } from '../program.js';
import type { ProgramBuilder } from '../programBuilder.js';
import { anyShape, type Genes, picks, scalars } from './gene.js';

/** Beyond it eˣ leaves little of anything it is added to. */
const MOST_EXPONENT = 8;

const unaryNames = [
  ...(['neg', 'abs', 'sign', 'relu', 'leakyRelu', 'exp', 'log', 'sqrt', 'erf', 'sigmoid', 'tanh'] as const),
  ...(['gelu', 'silu', 'softplus'] as const),
];

/** Mostly inside the functions' domains; `wild` steps take what comes. */
const wild = fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 9);

export const unary: Genes = fc
  .record({ name: fc.constantFrom(...unaryNames), pick: picks, shape: anyShape, wild })
  .map(({ name, pick, shape, wild }) => (builder) => {
    const x = builder.any(pick, shape);
    if (wild) builder.call(name, x);
    else if (name === 'log' || name === 'sqrt') builder.call(name, builder.positive(x));
    else builder.call(name, name === 'exp' ? builder.bounded(x, MOST_EXPONENT) : x);
  });

const dividers = ['div', 'pow'];
const comparisons = ['equal', 'greater', 'greaterEqual', 'less', 'lessEqual'] as const;
const arithmetic = ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum'] as const;
/** The number stands on the right of these. */
const rightOnly: readonly string[] = [...comparisons, 'maximum', 'minimum'];

export const withNumber: Genes = fc
  .record({
    name: fc.constantFrom(...arithmetic, ...arithmetic, ...comparisons),
    pick: picks,
    shape: anyShape,
    value: scalars,
    isLeft: fc.boolean(),
    wild,
  })
  .map(({ name, pick, shape, value, isLeft, wild }) => (builder) => {
    const x = builder.any(pick, shape);
    const isDivided = dividers.includes(name) && !wild;
    if (!isLeft || rightOnly.includes(name)) {
      const needsPositive = isDivided && name === 'pow' && (value < 0 || !Number.isInteger(value));
      builder.call(name, needsPositive ? builder.positive(x) : x, value);
    } else if (name === 'pow' && !wild) {
      builder.call(name, Math.abs(value) || 2, builder.bounded(x, MOST_EXPONENT));
    } else {
      builder.call(name, value, isDivided ? builder.positive(x) : x);
    }
  });

/** A shape that broadcasts against `shape`: axes of size 1 where a bit is set, some of the leading ones missing. */
function stretchedTo(shape: Shape, bits: number, missing: number): Shape {
  const axes = shape.map((size, axis) => ((bits >> axis) & 1 ? 1 : size));
  return axes.slice(Math.min(missing, axes.length));
}

/** A second operand of what a pick chose, or one of the pair that was drawn. */
interface Operands {
  readonly pair: { readonly a: Shape; readonly b: Shape };
  readonly pickA: number;
  readonly pickB: number;
  readonly bits: number;
  readonly missing: number;
}

const operands = fc.record({
  pair: broadcastablePairs({ maxRank: 4, maxSize: 4 }),
  pickA: picks,
  pickB: picks,
  bits: fc.nat({ max: 15 }),
  missing: fc.nat({ max: 2 }),
});

function drawn(builder: ProgramBuilder, { pair, pickA, pickB, bits, missing }: Operands): [Ref, Ref] {
  if (pickA === 0) return [builder.leaf(pair.a), builder.shaped(pickB, pair.b)];
  const a = builder.any(pickA, pair.a);
  return [a, builder.shaped(pickB, stretchedTo(builder.shapeOf(a), bits, missing))];
}

export const binary: Genes = fc
  .record({
    name: fc.constantFrom(...arithmetic, 'addRelu', ...arithmetic, ...comparisons),
    operands,
    isSwapped: fc.boolean(),
    wild,
  })
  .map(({ name, operands, isSwapped, wild }) => (builder) => {
    const pair = drawn(builder, operands);
    const [a, b] = isSwapped ? [pair[1], pair[0]] : pair;
    if (name === 'div' && !wild) builder.call(name, a, builder.positive(b));
    else if (name === 'pow' && !wild) builder.call(name, builder.positive(a), builder.bounded(b, 4));
    else builder.call(name, a, b);
  });

export const where: Genes = fc
  .record({ operands, pickC: picks, compares: fc.boolean(), number: fc.option(scalars), isSwapped: fc.boolean() })
  .map(({ operands, pickC, compares, number, isSwapped }) => (builder) => {
    const [a, b] = drawn(builder, operands);
    const drawnCondition = builder.shaped(pickC, builder.shapeOf(b));
    const condition = compares ? builder.call('greater', drawnCondition, 0) : drawnCondition;
    const other = number ?? b;
    if (condition) builder.call('where', condition, ...(isSwapped ? [other, a] : [a, other]));
  });
