/** @file Steps that move cells, and reductions over axes. */
import fc from 'fast-check';
import { anyShape, type Genes, picks, position, withAxis } from './gene.js';

const nats = fc.array(fc.nat({ max: 9 }), { minLength: 4, maxLength: 4 });
const signed = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 4, maxLength: 4 });

/** Axes from the front or from the back. */
const axisOf = (number: number, rank: number): number => position(number, 2 * rank) - rank;

const reshape: Genes = fc
  .record({ pick: picks, shape: anyShape, form: fc.nat({ max: 5 }) })
  .map(({ pick, shape, form }) => (builder) => {
    const x = builder.any(pick, shape);
    const own = builder.shapeOf(x);
    const size = builder.tensor(x).size;
    const half = [2, 3, 5].find((factor) => size % factor === 0) ?? 1;
    const targets = [[-1], [half, -1], own.toReversed(), [1, ...own, 1], [-1, half, 1], [-1, ...own.slice(1)]];
    builder.call('reshape', x, targets[form] ?? [-1]);
  });

const axes: Genes = fc
  .record({
    name: fc.constantFrom('flatten', 'squeeze', 'unsqueeze', 'transpose', 'permute', 'flip'),
    pick: picks,
    shape: withAxis,
    numbers: nats,
  })
  .map(({ name, pick, shape, numbers }) => (builder) => {
    const x = builder.any(pick, shape);
    const rank = builder.shapeOf(x).length;
    const [first = 0, second = 0] = numbers.map((number) => axisOf(number, rank));
    if (name === 'squeeze') {
      const unit = builder.call('unsqueeze', x, position(numbers[0] ?? 0, rank + 1));
      if (unit) builder.call(name, unit, ...(second < 0 ? [position(numbers[0] ?? 0, rank + 1)] : []));
    } else if (name === 'permute') {
      const order = builder.shapeOf(x).map((_, axis) => axis);
      const keys = order.map((axis) => numbers[axis] ?? axis);
      builder.call(
        name,
        x,
        order.toSorted((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0)),
      );
    } else if (name === 'flip') builder.call(name, x, first === second ? first : [first, second]);
    else if (name === 'flatten') builder.call(name, x, Math.min(first, second), Math.max(first, second));
    else builder.call(name, x, first, ...(name === 'transpose' ? [second] : []));
  });

const slice: Genes = fc
  .record({ pick: picks, shape: withAxis, start: signed, end: signed, step: nats, isWhole: fc.nat({ max: 15 }) })
  .map(({ pick, shape, start, end, step, isWhole }) => (builder) => {
    const x = builder.any(pick, shape);
    const rank = builder.shapeOf(x).length;
    const ends = end.map((bound, axis) => ((isWhole >> axis) & 1 ? undefined : bound));
    const steps = step.map((by) => 1 + (by % 3));
    builder.call('slice', x, start.slice(0, rank), ends.slice(0, rank), steps.slice(0, rank));
  });

const pad: Genes = fc
  .record({ pick: picks, shape: withAxis, widths: fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }))) })
  .map(({ pick, shape, widths }) => (builder) => {
    const x = builder.any(pick, shape);
    builder.call('pad', x, widths.slice(0, builder.shapeOf(x).length));
  });

const join: Genes = fc
  .record({
    name: fc.constantFrom('concat', 'stack'),
    pick: picks,
    shape: withAxis,
    parts: fc.array(fc.record({ pick: picks, size: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 3 }),
    axis: fc.nat({ max: 9 }),
  })
  .map(({ name, pick, shape, parts, axis }) => (builder) => {
    const x = builder.any(pick, shape);
    const own = builder.shapeOf(x);
    const along = position(axis, own.length);
    const others = parts.map(({ pick, size }) =>
      builder.shaped(pick, name === 'stack' ? own : own.map((s, a) => (a === along ? size : s))),
    );
    builder.call(name, [x, ...others], name === 'stack' ? position(axis, own.length + 1) : along);
  });

const pick: Genes = fc
  .record({ pick: picks, shape: withAxis, axis: fc.nat({ max: 9 }), index: fc.integer({ min: -9, max: 9 }) })
  .map(({ pick, shape, axis, index }) => (builder) => {
    const x = builder.any(pick, shape);
    const own = builder.shapeOf(x);
    const along = position(axis, own.length);
    builder.call('select', x, along, index % (own[along] ?? 1));
  });

const repeat: Genes = fc
  .record({
    pick: picks,
    shape: anyShape,
    leading: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    bits: fc.nat({ max: 15 }),
  })
  .map(({ pick, shape, leading, bits }) => (builder) => {
    const x = builder.any(pick, shape);
    const target = builder.shapeOf(x).map((size, axis) => (size === 1 && (bits >> axis) & 1 ? 3 : size));
    builder.call('broadcastTo', x, [...leading, ...target]);
  });

export const movement: Genes = fc.oneof(reshape, axes, slice, pad, join, pick, repeat);

const overAxes: Genes = fc
  .record({
    name: fc.constantFrom('sum', 'mean', 'max', 'min', 'variance'),
    pick: picks,
    shape: anyShape,
    bits: fc.nat({ max: 16 }),
    keepDims: fc.boolean(),
    correction: fc.nat({ max: 1 }),
  })
  .map(({ name, pick, shape, bits, keepDims, correction }) => (builder) => {
    const x = builder.any(pick, shape);
    const own = builder.shapeOf(x);
    const chosen = own.flatMap((_, axis) => ((bits >> axis) & 1 ? [axis] : []));
    const reduced = bits === 16 ? own.map((_, axis) => axis) : chosen;
    const count = reduced.reduce((product, axis) => product * (own[axis] ?? 1), 1);
    const isTooFew = count <= correction;
    const options = { keepDims, ...(name === 'variance' ? { correction: isTooFew ? 0 : correction } : {}) };
    builder.call(name, x, bits === 16 ? undefined : chosen, options);
  });

const alongAxis: Genes = fc
  .record({
    name: fc.constantFrom('softmax', 'logSoftmax', 'argMax'),
    pick: picks,
    shape: withAxis,
    axis: fc.nat({ max: 9 }),
  })
  .map(({ name, pick, shape, axis }) => (builder) => {
    const x = builder.any(pick, shape);
    builder.call(name, x, axisOf(axis, builder.shapeOf(x).length));
  });

export const reductions: Genes = fc.oneof(overAxes, alongAxis);
