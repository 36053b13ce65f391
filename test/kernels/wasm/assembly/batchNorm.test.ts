import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NormGeometry } from '../../../../src/kernels/layouts.js';
import * as reference from '../../../../src/kernels/reference/batchNorm.js';
import { exact } from './poolCase.js';
import { firstMismatch, KernelRig, runRanges, variants } from './support.js';
import { numbers, sameBits, seed } from './values.js';

const EPS = 1e-5;

const geometry: fc.Arbitrary<NormGeometry> = fc.record({
  outer: fc.integer({ min: 1, max: 5 }),
  channels: fc.integer({ min: 1, max: 5 }),
  inner: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1023, 1024, 1025, 3000)),
});
const kind = fc.constantFrom('unit', 'large', 'ties');

type Result = {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly y: Float32Array;
  readonly grad: Float32Array;
  readonly fixedGrad: Float32Array;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
};

interface Inputs {
  readonly x: Float32Array;
  readonly upstream: Float32Array;
  readonly weight: Float32Array | undefined;
  readonly bias: Float32Array | undefined;
  readonly relu: boolean;
}

/** All kernels, in the order a training step calls them. */
function run(rig: KernelRig, { x, upstream, weight, bias, relu }: Inputs, g: NormGeometry, ranges: number): Result {
  rig.reset();
  const { outer, channels, inner } = g;
  const place = (length: number): number => rig.allocate(length * 4);
  const [xAt, gAt] = [rig.put(x), rig.put(upstream)];
  const [mean, variance, y, grad, fixedGrad] = [channels, channels, ...[0, 0, 0].map(() => x.length)].map(place);
  const [coefficients, sums, weightGrad, biasGrad] = [channels * 4, channels * 4, channels, channels].map(place);
  const partials = place(outer * channels * 4);
  const affine = [weight, bias].map((values) => (values ? rig.put(values) : 0));
  const each = (tasks: number, name: string, ...args: (number | undefined)[]): void => {
    runRanges(tasks, ranges, (first, last) => {
      rig.call(name, ...args.map((a) => a!), first, last);
    });
  };
  const planes = outer * channels;
  each(planes, 'batchNormStatistics', xAt, partials, inner);
  each(channels, 'batchNormStatisticsFinish', partials, mean, variance, outer, channels, inner);
  rig.call('batchNormCoefficients', mean!, variance!, ...affine.map((a) => a!), EPS, coefficients!, channels);
  const tail = [outer, channels, inner, Number(relu)];
  each(planes, 'batchNorm', xAt, y, coefficients, ...tail);
  each(planes, 'batchNormSums', gAt, xAt, coefficients, partials, ...tail.slice(1));
  each(channels, 'batchNormSumsFinish', partials, sums, outer, channels);
  each(planes, 'batchNormGrad', gAt, xAt, grad, coefficients, sums, ...tail);
  each(planes, 'batchNormGrad', gAt, xAt, fixedGrad, coefficients, 0, ...tail);
  rig.call('batchNormParameterGrads', coefficients!, sums!, weightGrad!, biasGrad!, channels);
  const read = (address: number | undefined, length: number): Float32Array => rig.floats(address!, length).slice();
  return {
    mean: read(mean, channels),
    variance: read(variance, channels),
    y: read(y, x.length),
    grad: read(grad, x.length),
    fixedGrad: read(fixedGrad, x.length),
    weight: read(weightGrad, channels),
    bias: read(biasGrad, channels),
  };
}

function inputs(
  s: number,
  g: NormGeometry,
  from: 'unit' | 'large' | 'ties',
  shift: number,
  affine: boolean,
  relu: boolean,
): Inputs {
  const length = g.outer * g.channels * g.inner;
  return {
    x: numbers(s, length, from).map((v) => v + shift),
    upstream: numbers(s + 1, length, 'unit'),
    weight: affine ? numbers(s + 2, g.channels, 'unit') : undefined,
    bias: affine ? numbers(s + 3, g.channels, 'unit') : undefined,
    relu,
  };
}

const filled = (length: number, value: number): Float64Array => new Float64Array(length).fill(value);

describe.each(variants)('batchNorm ($name)', ({ module }) => {
  const rig = new KernelRig(module);

  test('statistics equal float64 loops, also far from 0', () => {
    fc.assert(
      fc.property(geometry, kind, fc.constantFrom(0, 100, -1e4), seed, (g, from, shift, s) => {
        const given = inputs(s, g, from, shift, false, false);
        const { mean, variance } = run(rig, given, g, 2);
        const expected = reference.batchNormStatistics(exact(given.x), g);
        const most = given.x.reduce((a, v) => Math.max(a, Math.abs(v)), 1e-9);
        expect(firstMismatch(mean, expected.mean.values, filled(g.channels, most), 2e-7)).toBeUndefined();
        // A float32's own rounding at this distance from 0 bounds what a deviation can be worth.
        const scale = expected.variance.values.map((v) => v + (most * 1e-7) ** 2);
        expect(firstMismatch(variance, expected.variance.values, scale, 5e-6)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test('forward and gradients equal float64 loops from the same statistics', () => {
    fc.assert(
      fc.property(
        geometry,
        kind,
        fc.constantFrom(0, 100),
        fc.boolean(),
        fc.boolean(),
        seed,
        (g, from, shift, affine, relu, s) => {
          const given = inputs(s, g, from, shift, affine, relu);
          const actual = run(rig, given, g, 2);
          const norm = {
            mean: exact(actual.mean),
            variance: exact(actual.variance),
            weight: given.weight && exact(given.weight),
            bias: given.bias && exact(given.bias),
            eps: Math.fround(EPS),
            activation: relu ? ('relu' as const) : ('none' as const),
          };
          const x = exact(given.x);
          const y = reference.batchNorm(x, norm, g).values;
          const largest = Math.max(1, ...actual.variance.map((v) => 1 / Math.sqrt(v + EPS)));
          // (x − mean)/√variance loses what x has lost by lying far from 0.
          const unit = 4 * (1 + (shift + 10) * 1e-3 * largest) * Math.sqrt(g.outer * g.inner);
          expect(firstMismatch(actual.y, y, filled(y.length, unit + 50), 1e-6)).toBeUndefined();

          // A value that rounding puts on the other side of 0 changes what passes; such inputs say nothing.
          const edge = reference.batchNorm(x, { ...norm, activation: 'none' }, g).values;
          fc.pre(!relu || edge.every((v) => Math.abs(v) > 1e-4));
          const [grads, fixed] = [true, false].map((batch) =>
            reference.batchNormGrad(exact(given.upstream), x, norm, g, batch),
          );
          const scale = 4 * unit * largest * Math.max(1, ...(given.weight ?? [1]).map(Math.abs));
          expect(firstMismatch(actual.grad, grads!.x.values, filled(y.length, scale), 3e-6)).toBeUndefined();
          expect(firstMismatch(actual.fixedGrad, fixed!.x.values, filled(y.length, scale), 3e-6)).toBeUndefined();
          const sums = filled(g.channels, 4 * g.outer * g.inner * unit);
          expect(firstMismatch(actual.weight, grads!.weight.values, sums, 3e-6)).toBeUndefined();
          expect(firstMismatch(actual.bias, grads!.bias.values, sums, 3e-6)).toBeUndefined();
        },
      ),
      { numRuns: 300, maxSkipsPerRun: 100 },
    );
  });

  test('NaN stays in its channel, and relu keeps it', () => {
    const g = { outer: 2, channels: 3, inner: 9 };
    const given = inputs(1, g, 'unit', 0, false, true);
    given.x[9 + 4] = Number.NaN;
    const { mean, y } = run(rig, given, g, 1);
    expect([...mean].map(Number.isNaN)).toEqual([false, true, false]);
    y.forEach((v, i) => {
      expect(Number.isNaN(v)).toBe(Math.floor(i / 9) % 3 === 1);
    });
  });

  test('gives the same bits in 1, 2 and 3 ranges', () => {
    fc.assert(
      fc.property(geometry, fc.boolean(), seed, (g, relu, s) => {
        const given = inputs(s, g, 'unit', 0, true, relu);
        const whole = Object.values<Float32Array>(run(rig, given, g, 1));
        expect(sameBits(Object.values<Float32Array>(run(rig, given, g, 2)), whole)).toBe(true);
        expect(sameBits(Object.values<Float32Array>(run(rig, given, g, 3)), whole)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
