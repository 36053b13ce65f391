import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { Generator, gradients, type Shape, setBackend, tensor } from '../../../src/index.js';
import type { BackendName } from '../../../src/kernels/kernels.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { wellSeparated } from '../../../src/testing/index.js';
import { expectClose } from '../../support/closeness.js';
import { float64, valuesOf } from '../../support/float64.js';
import { builtIn, type FunctionalPool, functional, layerFor, windowsOf } from '../../support/poolLayers.js';
import { windowCells } from '../../support/windowCells.js';
import { poolParity, tolerances } from '../../tolerances.js';

/** What doesn't average: sums, and what convolves. `avg` counts padding. */
const notMeans: readonly string[] = ['avg', 'sum', 'lp', 'conv'];
/** Those that see magnitudes, or nothing below 0: they average what is positive. */
const ofPositive: readonly string[] = ['pow', 'gem'];
/** Those whose outputs see more than their own window. */
const wider: readonly string[] = ['s3', 'blur'];

const means = builtIn.filter((name) => !notMeans.includes(name));

describe.each(means)('%s', (name) => {
  test('lies between the least and the largest of its window; a constant gives the constant', () => {
    fc.assert(
      fc.property(windowsOf(name, 1), fc.nat({ max: 9999 }), fc.boolean(), (window, seed, training) => {
        const generator = new Generator(seed);
        const { f, parameters } = functional(layerFor(name, window).train(training), seed);
        const values = parameters.map((range) =>
          float64(wellSeparated(sizeOf(range.shape), generator, range), range.shape),
        );
        const low = ofPositive.includes(name) ? 0.1 : -3;
        const x = wellSeparated(sizeOf(window.shape), generator, { low, high: 3 });
        const cells = wider.includes(name) ? undefined : windowCells(window).cells;
        valuesOf(f(float64(x, window.shape), ...values)).forEach((value, j) => {
          const seen = cells ? cells[j]!.map((i) => x[i]!) : [...x];
          expect(value).toBeGreaterThanOrEqual(Math.min(...seen) - 1e-9);
          expect(value).toBeLessThanOrEqual(Math.max(...seen) + 1e-9);
        });
        const constant = f(float64(x.fill(1.7), window.shape), ...values);
        expectClose(valuesOf(constant), new Float64Array(constant.size).fill(1.7), tolerances['reference float64']);
      }),
      { numRuns: 25 },
    );
  });
});

/** Inputs in which formulas divide by 0, take roots of 0, or meet ties. */
const degenerate: readonly (readonly [string, (i: number) => number])[] = [
  ['zeros', () => 0],
  ['a constant', () => 3],
  ['a large constant', () => 1e4],
  ['a negative constant', () => -3],
  ['tiny values', (i) => 1e-38 * i],
  ['large values', (i) => (i % 2 === 0 ? 1e4 : -1e4 * i)],
  ['values of 10¹²', (i) => (i % 3 === 0 ? 1e12 : -1e10 * i)],
  ['one value among zeros', (i) => (i === 5 ? 2 : 0)],
  ['negative values', (i) => -1 - i],
];

const places = [
  { dtype: 'float64', backend: 'reference' },
  { dtype: 'float32', backend: 'reference' },
  { dtype: 'float32', backend: 'wasm' },
] as const;

describe.each(builtIn)('%s of degenerate windows', (name) => {
  /** Output and all gradients, as flat values. */
  const everything = (
    fill: (i: number) => number,
    place: (typeof places)[number],
    kernel: number,
    training: boolean,
  ) => {
    const shape = [2, 2, 6, 6];
    const axes = (value: number): number[] => [value, value];
    const geometry = {
      kernelSize: axes(kernel),
      stride: axes(2),
      padding: axes(kernel === 3 ? 1 : 0),
      dilation: axes(1),
    };
    const layer = layerFor(name, { shape, ...geometry, ceilMode: false }).train(training);
    const { f, parameters } = functional(layer);
    const x = tensor(
      Float64Array.from({ length: sizeOf(shape) }, (_, i) => fill(i)),
      { shape, requiresGrad: true, ...place },
    );
    const initial = parameters.map(({ shape, name: key }) =>
      tensor(new Float64Array(sizeOf(shape)).fill(key === 'p' ? 3 : 0), { shape, requiresGrad: true, ...place }),
    );
    const y = f(x, ...initial);
    const gradient = tensor(new Float64Array(y.size).fill(1), { shape: y.shape, ...place });
    return [y, ...gradients(y, [x, ...initial], { gradient })].flatMap((t) => valuesOf(t));
  };

  test.each(degenerate)('%s: values and gradients are finite, tiled and overlapping, on both backends', (_, fill) => {
    for (const place of places) {
      for (const kernel of [2, 3]) {
        for (const training of [true, false]) {
          const values = everything(fill, place, kernel, training);
          expect(values.filter((value) => !Number.isFinite(value))).toEqual([]);
        }
      }
    }
  });
});

/** Values and gradients of a pooling in float32 on one backend. */
function computed({ f }: FunctionalPool, drawn: readonly Drawn[], backend: BackendName, seed: number): number[][] {
  const inputs = drawn.map(({ shape, values }) => tensor(values, { shape, backend, requiresGrad: true }));
  const y = f(inputs[0]!, ...inputs.slice(1));
  const gradient = tensor(wellSeparated(y.size, new Generator(seed)), { shape: y.shape, backend });
  return [y, ...gradients(y, inputs, { gradient })].map(valuesOf);
}

interface Drawn {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** Cases per pooling; every new geometry is a dozen kernels of the gpu backend to compile. */
describe.each([
  ['wasm', 20],
  ['gpu', 3],
] as const)('%s equals the reference, values and gradients', (backend, numRuns) => {
  beforeAll(async () => {
    if (backend !== 'gpu') return;
    await setBackend('gpu', { mode: 'webasm' });
    await setBackend('wasm');
  });

  test.each(builtIn)('%s', (name) => {
    fc.assert(
      fc.property(windowsOf(name, 5), fc.nat({ max: 9999 }), fc.boolean(), (window, seed, training) => {
        const generator = new Generator(seed);
        const layer = functional(layerFor(name, window).train(training), seed);
        const ranges = [{ shape: window.shape, low: -2, high: 3 }, ...layer.parameters];
        const drawn = ranges.map((range) => ({
          shape: range.shape,
          values: wellSeparated(sizeOf(range.shape), generator, range),
        }));
        const actual = computed(layer, drawn, backend, seed);
        computed(layer, drawn, 'reference', seed).forEach((expected, i) => {
          expectClose(actual[i]!, expected, poolParity, i === 0 ? 'output' : `gradient ${i}`);
        });
      }),
      { numRuns },
    );
  });
});
