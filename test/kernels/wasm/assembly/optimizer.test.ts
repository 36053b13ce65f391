import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as reference from '../../../../src/kernels/reference/optimizer.js';
import { exact } from './poolCase.js';
import { firstMismatch, KernelRig, runRanges, variants } from './support.js';
import { numbers, seed } from './values.js';

const length = fc.oneof(
  { weight: 19, arbitrary: fc.integer({ min: 0, max: 50 }) },
  { weight: 1, arbitrary: fc.constantFrom(16384, 16387, 40000) },
);
const ranges = fc.integer({ min: 1, max: 3 });

const sgd = fc.record({
  lr: fc.constantFrom(0.1, 1e-3),
  momentum: fc.constantFrom(0, 0.9),
  dampening: fc.constantFrom(0, 0.5),
  weightDecay: fc.constantFrom(0, 5e-4),
  nesterov: fc.boolean(),
});

const adam = fc.record({
  lr: fc.constantFrom(1e-3, 0.1),
  beta1: fc.constantFrom(0.9, 0),
  beta2: fc.constantFrom(0.999, 0.5),
  eps: fc.constantFrom(1e-8, 1e-3),
  weightDecay: fc.constantFrom(0, 0.01),
  decoupled: fc.boolean(),
  step: fc.constantFrom(1, 2, 1000),
});

const rounded = <T extends Record<string, number | boolean>>(options: T): T =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, typeof value === 'number' ? Math.fround(value) : value]),
  ) as T;

const magnitudes = (values: ArrayLike<number>): Float64Array => Float64Array.from(values, (v) => Math.abs(v) + 10);

describe.each(variants)('optimizer ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  function floats(values: readonly number[]): number {
    return rig.put(Float32Array.from(values));
  }

  test('sgdStep equals float64 loops, with and without momentum, first step and later', () => {
    fc.assert(
      fc.property(length, sgd, fc.boolean(), seed, ranges, (n, options, isFirst, s, cut) => {
        const [parameter, grad, velocity] = [0, 1, 2].map((i) => numbers(s + i, n, 'unit'));
        const start = isFirst || options.momentum === 0 ? undefined : exact(velocity!);
        const update = { parameter: exact(parameter!), grad: exact(grad!), velocity: start };
        const expected = reference.sgdStep([update], rounded(options))[0]!;
        rig.reset();
        const [at, gradAt, velocityAt] = [parameter!, grad!, velocity!].map((values) => rig.put(values));
        const { lr, momentum, dampening, weightDecay, nesterov } = options;
        const settings = floats([lr, momentum, 1 - dampening, weightDecay, Number(nesterov), Number(isFirst)]);
        runRanges(rig.call('elementTasks', n), cut, (first, last) => {
          rig.call('sgdStep', at!, gradAt!, momentum === 0 ? 0 : velocityAt!, n, settings, first, last);
        });
        const values = expected.parameter.values;
        expect(firstMismatch(rig.floats(at!, n), values, magnitudes(values), 3e-7)).toBeUndefined();
        const next = expected.velocity?.values ?? [];
        expect(firstMismatch(rig.floats(velocityAt!, n), next, magnitudes(next), 3e-7)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test('adamStep equals float64 loops, coupled and decoupled', () => {
    fc.assert(
      fc.property(length, adam, seed, ranges, (n, options, s, cut) => {
        const [parameter, grad, first] = [0, 1, 2].map((i) => numbers(s + i, n, 'unit'));
        const second = numbers(s + 3, n, 'unit').map((v) => v * v);
        const update = {
          parameter: exact(parameter!),
          grad: exact(grad!),
          first: exact(first!),
          second: exact(second),
        };
        const expected = reference.adamStep([update], options)[0]!;
        rig.reset();
        const [at, gradAt, firstAt, secondAt] = [parameter!, grad!, first!, second].map((values) => rig.put(values));
        const { lr, beta1, beta2, eps, weightDecay, decoupled, step } = options;
        const corrections = [1 / Math.sqrt(1 - beta2 ** step), lr / (1 - beta1 ** step), 1 - beta1, 1 - beta2];
        const settings = floats([lr, beta1, beta2, eps, weightDecay, Number(decoupled), ...corrections]);
        runRanges(rig.call('elementTasks', n), cut, (from, last) => {
          rig.call('adamStep', at!, gradAt!, firstAt!, secondAt!, n, settings, from, last);
        });
        const values = expected.parameter.values;
        // A step is lr m/√v, as exact as its own size.
        const scale = magnitudes(values).map((v, i) => v + Math.abs(values[i]! - parameter![i]!) * 10);
        expect(firstMismatch(rig.floats(at!, n), values, scale, 3e-7)).toBeUndefined();
        const moments = [expected.first.values, expected.second.values];
        [firstAt!, secondAt!].forEach((address, i) => {
          expect(firstMismatch(rig.floats(address, n), moments[i]!, magnitudes(moments[i]!), 3e-7)).toBeUndefined();
        });
      }),
      { numRuns: 200 },
    );
  });

  test('lerp moves running values towards scaled observed ones', () => {
    fc.assert(
      fc.property(length, seed, ranges, (n, s, cut) => {
        const [running, observed] = [numbers(s, n, 'unit'), numbers(s + 1, n, 'unit')];
        rig.reset();
        const [at, from, to] = [rig.put(running), rig.put(observed), rig.put(new Float32Array(n))];
        runRanges(rig.call('elementTasks', n), cut, (first, last) =>
          rig.call('lerp', at, from, to, n, 0.1, 1.25, first, last),
        );
        const expected = Float64Array.from(running, (v, i) => v + 0.1 * (1.25 * observed[i]! - v));
        expect(firstMismatch(rig.floats(to, n), expected, magnitudes(expected), 3e-7)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});
